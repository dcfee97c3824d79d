//! Error messages of a form, each at the field that it is about.

use std::borrow::Cow;

use crate::client::Refusal;

/// Error messages of a form that was refused.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    refusals: Vec<Refusal>,
    /// Fields of the form; an error about any other field is shown above the form.
    fields: &'static [&'static str],
    quota: u32,
}

impl Problems {
    /// Creates the messages for a form with `fields`; `quota` is the account's webhook quota.
    pub(crate) fn new(refusal: Refusal, fields: &'static [&'static str], quota: u32) -> Self {
        Self { refusals: refusal.each(), fields, quota }
    }

    /// Error message of `field`.
    pub(crate) fn at(&self, field: &str) -> Option<Cow<'_, str>> {
        let mut refusals = self.refusals.iter().filter(|_| self.fields.contains(&field));
        let refusal = refusals.find(|refusal| self.field(refusal) == field)?;
        Some(words(refusal, self.quota))
    }

    /// Error message that is about none of the fields.
    pub(crate) fn general(&self) -> Option<Cow<'_, str>> {
        let is_general = |refusal: &&Refusal| !self.fields.contains(&self.field(refusal));
        Some(words(self.refusals.iter().find(is_general)?, self.quota))
    }

    /// Returns whether there is any message.
    pub(crate) const fn any(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// Returns the field that a refusal is about.
    fn field<'a>(&self, refusal: &'a Refusal) -> &'a str {
        match refusal.code.as_str() {
            "account_not_credentialed" if self.fields.contains(&"environment") => "environment",
            "url_taken" => "webhook_url",
            // Of a list the form has one field: `event_types[2]` is about `event_types`.
            _ => refusal
                .param
                .as_deref()
                .and_then(|param| param.split('[').next())
                .unwrap_or_default(),
        }
    }
}

/// Sentence that says what is wrong and what to do; the API's own where that is precise enough.
fn words(refusal: &Refusal, quota: u32) -> Cow<'_, str> {
    match refusal.code.as_str() {
        "quota_limit_exceeded" if refusal.param.is_some() => Cow::Owned(format!(
            "Quota limit exceeded: the limit of this account is {quota} in each environment. \
             Delete one that is no longer needed, or ask for a higher limit."
        )),
        "url_taken" => Cow::Borrowed(
            "Url has already been taken. Another webhook of this environment has it: change that \
             one, or use another URL.",
        ),
        "url_not_public" => Cow::Borrowed(
            "The host must be reachable from the public internet. Private, local and unqualified \
             names are refused; to test on your own machine, use a tunnel.",
        ),
        "url_scheme_not_allowed" => {
            Cow::Borrowed("Use https://. Test webhooks may use http:// as well; topics are sns://.")
        }
        "invalid_sns_url" => Cow::Owned(format!(
            "{} Write a topic as sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>.",
            refusal.message
        )),
        "account_not_credentialed" => Cow::Borrowed(
            "Live mode is not open to this account. Choose Test until it is credentialed.",
        ),
        "key_already_expired" => {
            Cow::Borrowed("This key has already expired. Create a new one instead.")
        }
        "idempotency_mismatch" | "idempotency_in_progress" => {
            Cow::Borrowed("This form was sent before. Reload the page to see the result.")
        }
        "missing_field" => Cow::Borrowed("Fill this in."),
        _ => at_its_field(refusal),
    }
}

/// The API's sentence without the field's name at its beginning, because it is shown at the field.
fn at_its_field(refusal: &Refusal) -> Cow<'_, str> {
    let param = refusal.param.as_deref().filter(|param| !param.is_empty());
    match param.and_then(|param| refusal.message.strip_prefix(param)) {
        Some(rest) => Cow::Owned(format!("This{rest}")),
        None => Cow::Borrowed(refusal.message.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

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
        let problems = Problems::new(
            refusal("quota_limit_exceeded", Some("webhook_url")),
            &["webhook_url", "environment"],
            2,
        );
        assert!(problems.at("webhook_url").unwrap().starts_with("Quota limit exceeded: "));
        assert_eq!((problems.at("environment"), problems.general()), (None, None));
    }

    #[test]
    fn every_wrong_field_has_its_message() {
        let wrong = vec![Refusal::of("name", "Shorten it."), Refusal::of("type", "Choose one.")];
        let problems = Problems::new(Refusal::all(wrong).unwrap_err(), &["name", "type"], 2);
        assert_eq!(problems.at("name").as_deref(), Some("Shorten it."));
        assert_eq!(problems.at("type").as_deref(), Some("Choose one."));
        assert!(problems.general().is_none() && Refusal::all(vec![]).is_ok());
    }

    #[test]
    fn a_field_is_not_called_by_its_name_in_the_api() {
        let message = "expires_at must be in the future.".to_owned();
        let refusal = Refusal { message, ..refusal("invalid_field", Some("expires_at")) };
        let problems = Problems::new(refusal, &["expires_at"], 2);
        assert_eq!(problems.at("expires_at").as_deref(), Some("This must be in the future."));
    }

    #[test]
    fn what_is_about_no_field_of_the_form_stands_above_it() {
        let problems = Problems::new(refusal("conflict", None), &["name"], 2);
        assert_eq!(problems.general().as_deref(), Some("The API's own words."));
        assert_eq!(problems.at("name"), None);
        assert!(!Problems::default().any() && Problems::default().general().is_none());
    }
}
