//! Parsers of identifiers, names and addresses.

use domain::{
    id::{AccountId, EventId, KeyId, LogId, OperatorTokenId, PortalSessionId, WebhookId},
    webhook::{EventType, Subscription},
};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident: $kind:ty, $what:literal;)*) => {$(
        $(#[$doc])*
        pub(crate) fn $name(text: &str) -> Result<String, String> {
            id(text, <$kind>::PREFIX, $what)
        }
    )*};
}

ids! {
    /// The id of an account.
    account_id: AccountId, "an account";
    /// The id of an API key.
    key_id: KeyId, "an API key";
    /// The id of a webhook.
    webhook_id: WebhookId, "a webhook";
    /// The id of an event.
    event_id: EventId, "an event";
    /// The id of a log row.
    log_id: LogId, "a log row";
    /// The id of a portal session.
    portal_session_id: PortalSessionId, "a portal session";
    /// The id of an operator token.
    operator_token_id: OperatorTokenId, "an operator token";
}

/// Parses the id of an object with a history: an account, an API key or a webhook.
pub(crate) fn subject(text: &str) -> Result<String, String> {
    let known = [AccountId::PREFIX, KeyId::PREFIX, WebhookId::PREFIX];
    if known.iter().any(|prefix| id(text, prefix, "").is_ok()) {
        Ok(text.to_owned())
    } else {
        let known = known.join(", ");
        Err(format!("must be the id of an account, an API key or a webhook ({known} and more)"))
    }
}

/// Parses an id. Only the server knows whether the object exists; the kind of the id, and that it
/// can be part of a path, are checked here.
fn id(text: &str, prefix: &str, what: &str) -> Result<String, String> {
    let rest = text.strip_prefix(prefix);
    let fits = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    if rest.is_some_and(fits) {
        return Ok(text.to_owned());
    }
    if rest.is_none() && prefix == KeyId::PREFIX && text.contains("k_") {
        return Err(format!(
            "must be the id of {what}, which begins with {prefix}; this looks like the key itself"
        ));
    }
    Err(format!("must be the id of {what}: {prefix} and 26 letters and digits"))
}

/// Parses an event type, such as `report.completed`.
pub(crate) fn event_type(text: &str) -> Result<String, String> {
    text.parse::<EventType>().map(|_| text.to_owned()).map_err(|why| why.to_string())
}

/// Parses an event type, a prefix such as `report.*`, or `*`.
pub(crate) fn subscription(text: &str) -> Result<String, String> {
    text.parse::<Subscription>().map(|_| text.to_owned()).map_err(|why| why.to_string())
}

/// Parses the URL of a server.
pub(crate) fn http_url(text: &str) -> Result<String, String> {
    let is_web = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if text.parse().is_ok_and(is_web) {
        Ok(text.to_owned())
    } else {
        Err("must be an http:// or https:// URL with a host".to_owned())
    }
}

/// Parses the URL of a webhook. Only its form is checked; the server decides.
pub(crate) fn webhook_url(text: &str) -> Result<String, String> {
    let is_topic = text.strip_prefix("sns://").is_some_and(|rest| rest.contains('@'));
    if is_topic || http_url(text).is_ok() {
        Ok(text.to_owned())
    } else {
        Err("must be an https:// URL, in the test environment also http://, or \
             sns://KEY_ID:ACCESS_KEY@REGION/TOPIC_OWNER/TOPIC_NAME"
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_another_kind_is_refused_with_the_right_prefix() {
        let account = "acct_01jgz2v6nv6e0w5dj3c5rqm8ta";
        assert_eq!(account_id(account).as_deref(), Ok(account));
        assert!(webhook_id(account).unwrap_err().contains("a webhook: wh_"));
        assert!(key_id("lh_sk_test_abc").unwrap_err().contains("the key itself"));
        for text in ["", "wh_", "wh_1/ping", "wh_1?x", "wh_…", " wh_1"] {
            assert!(webhook_id(text).is_err(), "{text}");
        }
        assert!(
            subject("evt_01jgz2v6nv6e0w5dj3c5rqm8ta").unwrap_err().contains("acct_, key_, wh_")
        );
        assert!(subject(account).is_ok());
    }

    #[test]
    fn urls_without_a_scheme_or_a_host_are_refused() {
        for url in
            ["http://127.0.0.1:9/x", "https://u:p@example.com/", "sns://a:b/c+@us-east-1/1/t"]
        {
            assert!(webhook_url(url).is_ok(), "{url}");
        }
        for url in ["example.com", "localhost:3000/x", "ftp://x/", "https://", "sns://nothing"] {
            assert!(webhook_url(url).is_err(), "{url}");
        }
        assert!(http_url("sns://a:b@c/d/e").is_err());
    }
}
