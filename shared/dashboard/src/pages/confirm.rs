//! Page that asks once more: before what can't be undone, or is much.

use std::borrow::Cow;

use askama::Template;

use crate::{
    html::{Frame, OperatorFrame, Section, Shown, shown},
    session::{Fields, Portal},
};

/// Field with which the answer says yes.
const SURE: &str = "sure";

/// Question before a form takes effect. Its answer sends the form again.
pub(super) struct Confirmation<'a> {
    pub(super) title: Cow<'a, str>,
    /// Name of what it is about.
    pub(super) what: &'a str,
    /// Consequences, a paragraph each.
    pub(super) told: &'a [&'a str],
    pub(super) action: String,
    pub(super) back: String,
    pub(super) button: Cow<'a, str>,
    /// True if something is lost by it.
    pub(super) destroys: bool,
    /// Input of the form.
    pub(super) fields: &'a Fields,
}

/// Question on a page of the portal.
#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    frame: Frame<'a>,
    asked: Confirmation<'a>,
}

/// Question on a page of the operator's.
#[derive(Template)]
#[template(path = "operator_confirm.html")]
struct OperatorConfirm<'a> {
    frame: OperatorFrame<'a>,
    asked: Confirmation<'a>,
}

/// Asks on a page of the portal.
pub(super) fn ask(portal: &Portal, section: Section, asked: Confirmation<'_>) -> Shown {
    let frame = Frame::new(portal, section, asked.title.clone());
    shown(&Confirm { frame, asked })
}

/// Asks on a page of the operator's.
pub(super) fn ask_operator(frame: OperatorFrame<'_>, asked: Confirmation<'_>) -> Shown {
    shown(&OperatorConfirm { frame, asked })
}

/// Returns whether the form was confirmed.
pub(super) fn is_sure(fields: &Fields) -> bool {
    fields.some(SURE).is_some()
}
