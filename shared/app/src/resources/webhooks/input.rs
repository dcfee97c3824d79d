//! Input about webhooks: the bodies that callers send.

use domain::{
    Environment, Jurisdiction,
    webhook::{Change, Endpoint, Subscription},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

use crate::{
    http::openapi::vocabulary,
    http::{
        fields::{given, present},
        text::Prose,
    },
    problem::{Code, Problem},
};

/// Maximum number of entries in a subscription.
const MOST_EVENT_TYPES: usize = 100;

/// A new webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "webhook_url": "https://example.com/hooks",
    "environment": "test",
    "event_types": ["report.*"],
}))]
pub(crate) struct CreateWebhook {
    /// `https://…`, in test also `http://…`, or
    /// `sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>`.
    #[schema(example = "https://example.com/hooks")]
    pub(super) webhook_url: UrlText,
    /// `test` or `live`; an API key implies its own.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Environment>)]
    environment: Option<Environment>,
    /// Another way to name the environment, used by clients of the modelled service.
    #[serde(default)]
    live: Option<bool>,
    /// `US` or `CA`.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Jurisdiction>, default = "US")]
    pub(super) jurisdiction: Option<Jurisdiction>,
    /// True to put the whole related object into the payload.
    #[serde(default)]
    #[schema(default = false)]
    pub(super) include_object: Option<bool>,
    /// Subscribed event types: exact names, `report.*`, or `*`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["report.*"]), default = json!(["*"]))]
    event_types: Option<Subscriptions>,
    /// Description for people.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    pub(super) description: Option<Prose>,
}

/// URL as it was sent: it can have credentials, so no log shows it.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = String)]
pub(crate) struct UrlText(String);

impl std::ops::Deref for UrlText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for UrlText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[url]")
    }
}

impl CreateWebhook {
    /// Returns the environment that the caller names, in either way.
    pub(super) fn environment(&self) -> Result<Option<Environment>, Problem> {
        let live = self.live.map(|live| if live { Environment::Live } else { Environment::Test });
        match (self.environment, live) {
            (Some(one), Some(other)) if one != other => Err(Code::InvalidField
                .of("live")
                .saying("live and environment contradict each other.")),
            (one, other) => Ok(one.or(other)),
        }
    }

    /// Returns the subscribed event types.
    pub(super) fn event_types(&self) -> Vec<Subscription> {
        self.event_types.as_ref().map_or_else(|| vec![Subscription::All], |all| all.0.clone())
    }
}

/// A change of a webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"event_types": ["*"], "status": "enabled"}))]
pub(crate) struct UpdateWebhook {
    /// New URL.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String)]
    pub(super) webhook_url: Option<UrlText>,
    /// True to put the whole related object into the payload.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool)]
    include_object: Option<bool>,
    /// Subscribed event types: exact names, `report.*`, or `*`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Vec<String>)]
    pub(super) event_types: Option<Subscriptions>,
    /// Description for people; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    #[expect(clippy::option_option, reason = "absent and null differ")]
    description: Option<Option<Prose>>,
    /// `enabled` or `disabled`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = vocabulary::WebhookStatus)]
    status: Option<Status>,
}

/// Status that a webhook can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Enabled,
    Disabled,
}

impl UpdateWebhook {
    /// Returns the requested change.
    pub(super) fn change(&self, endpoint: Option<Endpoint>) -> Change {
        Change {
            endpoint,
            include_object: self.include_object,
            event_types: self.event_types.as_ref().map(|all| all.0.clone()),
            description: self
                .description
                .as_ref()
                .map(|text| text.as_ref().map(|text| text.0.clone())),
            enabled: self.status.map(|status| status == Status::Enabled),
        }
    }
}

/// Subscribed event types of a webhook: at least one entry, each once.
#[derive(Debug, Clone)]
pub(super) struct Subscriptions(pub(super) Vec<Subscription>);

impl<'de> Deserialize<'de> for Subscriptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut all = Vec::<Subscription>::deserialize(deserializer)?;
        if all.is_empty() || all.len() > MOST_EVENT_TYPES {
            return Err(D::Error::custom(format_args!(
                "must have 1 to {MOST_EVENT_TYPES} entries"
            )));
        }
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|entry| seen.insert(entry.clone()));
        Ok(Self(all))
    }
}
