//! Page that asks once more before the data of an event is erased, for the operator.

use askama::Template;
use axum::extract::Path;
use http::Method;
use serde_json::Value;

use super::one::path;
use crate::{
    client::{
        Refusal, encoded,
        resources::{Account, Event},
    },
    html::{OperatorFrame, OperatorSection, Problems, Shown, page, shown, told},
    session::{Fields, Form, Operator},
};

/// Field with the event's identifier.
const EVENT: &str = "event";

#[derive(Template)]
#[template(path = "operator_erase.html")]
struct ErasePage<'a> {
    frame: OperatorFrame<'a>,
    account: &'a Account,
    /// Identifier of the event.
    event: &'a str,
    problems: Problems,
}

/// Asks whether the event is to be erased.
pub(super) async fn ask(operator: Operator, Path(id): Path<String>, query: Fields) -> Shown {
    let account: Account = operator.api.get(&path(&id)).await?;
    shown(&erase_page(&operator, &account, query.get(EVENT).trim(), Problems::default()))
}

/// Erases the event.
pub(super) async fn erase(Path(id): Path<String>, form: Form<Operator>) -> Shown {
    let Form { who: operator, fields } = form;
    let event = fields.get(EVENT).trim();
    let at = format!("/v1/events/{}", encoded(event));
    let erased: Result<Event, Refusal> =
        operator.api.on(&id).send(Method::DELETE, &at, &Value::Null).await;
    let refusal = match erased {
        Ok(_) => return Ok(told(&format!("/operator/accounts/{}", encoded(&id)), "event-erased")),
        Err(refusal) if refusal.code == "not_found" => {
            let sentence = operator.page.say().operator.erase_unknown();
            Refusal { status: refusal.status, ..Refusal::of(EVENT, &sentence) }
        }
        Err(refusal) => refusal,
    };
    let account: Account = operator.api.get(&path(&id)).await?;
    let status = refusal.status;
    let problems = Problems::new(refusal, &[EVENT], 0, &operator.page.say().forms);
    Ok(page(status, &erase_page(&operator, &account, event, problems)))
}

fn erase_page<'a>(
    operator: &'a Operator,
    account: &'a Account,
    event: &'a str,
    problems: Problems,
) -> ErasePage<'a> {
    let title = operator.page.say().operator.erase();
    let frame = OperatorFrame::new(operator, OperatorSection::Accounts, title);
    ErasePage { frame, account, event, problems }
}
