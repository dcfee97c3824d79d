//! Error messages of a form, each at the field that it is about.

use std::borrow::Cow;

use crate::{
    client::{OWN, Refusal},
    words::FormWords,
};

/// Form of a topic's URL.
pub(crate) const TOPIC: &str = "sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>";

/// Error messages of a form that was refused.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

/// Error message, and the field of the form that it is about; none if it is about no field.
#[derive(Debug)]
struct Problem {
    field: Option<&'static str>,
    text: String,
}

impl Problems {
    /// Creates the messages for a form with `fields`; `quota` is the account's webhook quota.
    pub(crate) fn new(
        refusal: Refusal,
        fields: &[&'static str],
        quota: u32,
        say: &FormWords,
    ) -> Self {
        let told = refusal.each().into_iter().map(|refusal| {
            let about = about(&refusal, fields);
            let field = fields.iter().find(|field| **field == about).copied();
            Problem { field, text: words(&refusal, quota, say).into_owned() }
        });
        Self(told.collect())
    }

    /// Error message of `field`.
    pub(crate) fn at(&self, field: &str) -> Option<&str> {
        self.find(Some(field))
    }

    /// Error message that is about none of the fields.
    pub(crate) fn general(&self) -> Option<&str> {
        self.find(None)
    }

    /// Returns whether there is any message.
    pub(crate) const fn any(&self) -> bool {
        !self.0.is_empty()
    }

    fn find(&self, field: Option<&str>) -> Option<&str> {
        let problem = self.0.iter().find(|problem| problem.field == field)?;
        Some(&problem.text)
    }
}

/// Name of the field that a refusal is about, in a form with `fields`.
fn about<'a>(refusal: &'a Refusal, fields: &[&str]) -> &'a str {
    match refusal.code.as_str() {
        "account_not_credentialed" if fields.contains(&"environment") => "environment",
        "url_taken" => "webhook_url",
        // Of a list, and of what a filter consists of, the form has one field: `event_types[2]` is
        // about `event_types`, and `filter.data.a[0]` about `filter`.
        _ => {
            let param = refusal.param.as_deref().unwrap_or_default();
            let whole = param.split('[').next().unwrap_or_default();
            let first = param.split(['[', '.']).next().unwrap_or_default();
            if fields.contains(&first) { first } else { whole }
        }
    }
}

/// Sentence that says what is wrong and what to do; the API's own where that is precise enough.
fn words<'a>(refusal: &'a Refusal, quota: u32, say: &'a FormWords) -> Cow<'a, str> {
    let why = refusal.message.as_str();
    match refusal.code.as_str() {
        OWN => Cow::Borrowed(why),
        "quota_limit_exceeded" if refusal.param.is_some() => say.webhook_quota(quota),
        "url_taken" => say.url_taken(),
        "url_not_public" => say.url_not_public(),
        "url_scheme_not_allowed" => say.url_scheme(),
        "invalid_sns_url" => say.sns_url(why, TOPIC),
        "account_not_credentialed" => say.live_closed(),
        "key_already_expired" => say.key_expired(),
        "idempotency_mismatch" | "idempotency_in_progress" => say.sent_before(),
        "missing_field" => say.missing(),
        "unknown_event_type" => say.event_type_unknown(why),
        "unknown_scope" => say.scope_unknown(why),
        "conflict" => say.changed_meanwhile(),
        "not_found" => say.not_found(),
        "unavailable" => say.unavailable(),
        "rate_limited" => say.too_many_requests(why),
        _ => at_its_field(refusal, say),
    }
}

/// The API's sentence without the field's name at its beginning, because it is shown at the field.
fn at_its_field<'a>(refusal: &'a Refusal, say: &'a FormWords) -> Cow<'a, str> {
    let param = refusal.param.as_deref().filter(|param| !param.is_empty());
    match param.and_then(|param| refusal.message.strip_prefix(param)) {
        Some(rest) => say.wrong(rest.trim_start()),
        None => say.refused(&refusal.message),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    const SAY: FormWords = FormWords::ENGLISH;

    fn refusal(code: &str, param: Option<&str>) -> Refusal {
        Refusal {
            status: StatusCode::CONFLICT,
            code: code.to_owned(),
            message: "The API's own words.".to_owned(),
            param: param.map(str::to_owned),
            also: vec![],
        }
    }

    #[test]
    fn a_refusal_stands_at_its_field_and_nowhere_else() {
        let refusal = refusal("quota_limit_exceeded", Some("webhook_url"));
        let problems = Problems::new(refusal, &["webhook_url", "environment"], 2, &SAY);
        assert!(problems.at("webhook_url").unwrap().starts_with("Quota limit exceeded: "));
        assert_eq!((problems.at("environment"), problems.general()), (None, None));
    }

    #[test]
    fn every_wrong_field_has_its_message() {
        let wrong = vec![Refusal::of("name", "Shorten it."), Refusal::of("type", "Choose one.")];
        let problems = Problems::new(Refusal::all(wrong).unwrap_err(), &["name", "type"], 2, &SAY);
        assert_eq!(problems.at("name"), Some("Shorten it."));
        assert_eq!(problems.at("type"), Some("Choose one."));
        assert!(problems.general().is_none() && Refusal::all(vec![]).is_ok());
    }

    #[test]
    fn a_field_is_not_called_by_its_name_in_the_api() {
        let message = "expires_at must be in the future.".to_owned();
        let refusal = Refusal { message, ..refusal("invalid_field", Some("expires_at")) };
        let problems = Problems::new(refusal, &["expires_at"], 2, &SAY);
        assert_eq!(problems.at("expires_at"), Some("This must be in the future."));
    }

    #[test]
    fn what_is_about_no_field_of_the_form_stands_above_it() {
        let problems = Problems::new(refusal("internal", None), &["name"], 2, &SAY);
        assert_eq!(problems.general(), Some("The API's own words."));
        assert_eq!(problems.at("name"), None);
        assert!(!Problems::default().any() && Problems::default().general().is_none());
    }
}
