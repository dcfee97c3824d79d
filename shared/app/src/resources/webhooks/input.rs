//! Input about webhooks: the bodies that callers send.

use domain::{
    Environment, Jurisdictions, PayloadFormat, Secret, delivery,
    signing::{Signing, SigningSecret},
    webhook::{EventType, Subscription},
};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

use super::{
    change::Change, create::NewWebhook, filter::filter, headers::SentHeaders, ping::Test,
    recover::RECOVERABLE,
};
use crate::{
    http::{
        fields::{Json, Time, given, present},
        jurisdiction::NamedJurisdiction,
        openapi::vocabulary,
        rate::{Rate, RateLimit},
        text::{Prose, optional},
    },
    paging::Period,
    problem::{Code, Problem},
    resources::events::{PostData, PostedData},
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
    webhook_url: UrlText,
    /// `test` or `live`; an API key implies its own.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Environment>)]
    environment: Option<Environment>,
    /// Another way to name the environment, used by clients of the modelled service.
    #[serde(default)]
    live: Option<bool>,
    /// Jurisdiction of the events that it gets; only where there are several.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Jurisdiction>, default = "US")]
    jurisdiction: NamedJurisdiction,
    /// True to put the whole related object into the payload.
    #[serde(default)]
    #[schema(default = false)]
    include_object: Option<bool>,
    /// Subscribed event types: exact names, `report.*`, or `*`. Only its own name means `webhook.statement`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["report.*"]), default = json!(["*"]))]
    event_types: Option<Subscriptions>,
    /// Description for people.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    description: Option<Prose>,
    /// Event pattern, in the language of Amazon `EventBridge`, over the event as `GET /v1/events/{id}` shows
    /// it: only events that match are delivered.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"data": {"object": {"status": ["clear"]}}}))]
    filter: Option<Json>,
    /// Headers of its own, at most 20, sent with every delivery.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"X-Tenant": "acme"}))]
    headers: Option<SentHeaders>,
    /// Kind of its signatures, fixed from then on: `hmac`, or `ed25519`, whose `signing_secret` is a public
    /// key.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Signing>, default = "hmac")]
    signing: Option<Signing>,
    /// Signing secret that the receiver has already: `whsec_` and the base64 of 24 to 64 bytes. By default
    /// a new one; not with `ed25519`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    signing_secret: Option<SigningSecretText>,
    /// Rate of attempts; what is more waits.
    #[serde(default)]
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<Rate>,
}

/// Signing secret that the receiver has already.
#[derive(Debug)]
struct SigningSecretText(SigningSecret);

impl<'de> Deserialize<'de> for SigningSecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Secret::deserialize(deserializer)?;
        SigningSecret::parse(text.expose()).map(Self).map_err(D::Error::custom)
    }
}

/// URL as it was sent: it can have credentials, so no log shows it.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(value_type = String)]
pub(crate) struct UrlText(Secret);

impl CreateWebhook {
    /// Returns the field by which the caller names the environment.
    pub(super) const fn names_environment_by(&self) -> &'static str {
        if self.environment.is_none() && self.live.is_some() { "live" } else { "environment" }
    }

    /// Returns the environment that the caller names, in either way.
    fn environment(&self) -> Result<Option<Environment>, Problem> {
        let live = self.live.map(|live| if live { Environment::Live } else { Environment::Test });
        match (self.environment, live) {
            (Some(one), Some(other)) if one != other => Err(Code::InvalidField
                .of("live")
                .saying("live and environment contradict each other.")),
            (one, other) => Ok(one.or(other)),
        }
    }

    /// Returns the webhook that is asked for.
    pub(super) fn webhook(self, among: &Jurisdictions) -> Result<NewWebhook, Problem> {
        let signing = self.signing.unwrap_or(Signing::Hmac);
        if signing != Signing::Hmac && self.signing_secret.is_some() {
            return Err(Problem::invalid("signing_secret", "must not be given with ed25519"));
        }
        Ok(NewWebhook {
            environment: self.environment()?,
            url: self.webhook_url.0,
            jurisdiction: self.jurisdiction.among(among)?,
            include_object: self.include_object.unwrap_or(false),
            event_types: self.event_types.map_or_else(|| vec![Subscription::All], |all| all.0),
            description: self.description.map(|description| description.0),
            filter: self.filter.as_ref().map(|sent| filter(&sent.0)).transpose()?,
            headers: self.headers,
            rate_limit: self.rate_limit.and_then(Rate::rate),
            signing,
            signing_secret: self.signing_secret.map(|secret| secret.0),
        })
    }
}

/// A new operational webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "webhook_url": "https://example.com/operations",
    "event_types": ["webhook.*", "delivery.exhausted"],
}))]
pub(crate) struct CreateOperatorWebhook {
    /// `https://…`, `http://…`, or
    /// `sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>`.
    #[schema(example = "https://example.com/operations")]
    webhook_url: UrlText,
    /// False to put a reference to the object into the payload, in place of the object.
    #[serde(default)]
    #[schema(default = true)]
    include_object: Option<bool>,
    /// Subscribed types of operational events: exact names, `webhook.*`, or `*`.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, example = json!(["webhook.*"]), default = json!(["*"]))]
    event_types: Option<Subscriptions>,
    /// Description for people.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    description: Option<Prose>,
    /// Event pattern, in the language of Amazon `EventBridge`, over the event: only events that match are
    /// delivered.
    #[serde(default)]
    #[schema(value_type = Option<Object>, example = json!({"data": {"object": {"environment": ["live"]}}}))]
    filter: Option<Json>,
    /// Headers of its own, at most 20, sent with every delivery.
    #[serde(default)]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"X-Team": "platform"}))]
    headers: Option<SentHeaders>,
    /// Kind of its signatures, fixed from then on: `hmac`, or `ed25519`, whose `signing_secret` is a public
    /// key.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Signing>, default = "hmac")]
    signing: Option<Signing>,
    /// Signing secret that the receiver has already: `whsec_` and the base64 of 24 to 64 bytes. By default
    /// a new one; not with `ed25519`.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    signing_secret: Option<SigningSecretText>,
    /// Rate of attempts; what is more waits.
    #[serde(default)]
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<Rate>,
}

impl CreateOperatorWebhook {
    /// Returns the webhook that is asked for.
    pub(super) fn webhook(self, among: &Jurisdictions) -> Result<NewWebhook, Problem> {
        let whole = CreateWebhook {
            webhook_url: self.webhook_url,
            environment: Some(Environment::OPERATIONAL),
            live: None,
            jurisdiction: NamedJurisdiction::default(),
            include_object: Some(self.include_object.unwrap_or(true)),
            event_types: self.event_types,
            description: self.description,
            filter: self.filter,
            headers: self.headers,
            signing: self.signing,
            signing_secret: self.signing_secret,
            rate_limit: self.rate_limit,
        };
        whole.webhook(among)
    }
}

/// A change of a webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"event_types": ["*"], "status": "enabled"}))]
#[expect(clippy::option_option, reason = "absent and null differ")]
pub(crate) struct UpdateWebhook {
    /// New URL.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String)]
    webhook_url: Option<UrlText>,
    /// True to put the whole related object into the payload.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool)]
    include_object: Option<bool>,
    /// Subscribed event types: exact names, `report.*`, or `*`. Only its own name means `webhook.statement`.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Vec<String>)]
    event_types: Option<Subscriptions>,
    /// Description for people; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    description: Option<Option<Prose>>,
    /// Event pattern: only events that match are delivered; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>, example = json!({"data": {"object": {"status": ["clear"]}}}))]
    filter: Option<Option<Json>>,
    /// Headers in place of all that are there; `****` keeps the value of one, `null` removes all.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<BTreeMap<String, String>>, example = json!({"X-Tenant": "****"}))]
    headers: Option<Option<SentHeaders>>,
    /// Rate of attempts; `null` removes it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<RateLimit>)]
    rate_limit: Option<Option<Rate>>,
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
    pub(super) fn change(self) -> Result<Change, Problem> {
        let filter =
            self.filter.map(|sent| sent.map(|sent| filter(&sent.0)).transpose()).transpose()?;
        Ok(Change {
            url: self.webhook_url.map(|url| url.0),
            include_object: self.include_object,
            event_types: self.event_types.map(|all| all.0),
            description: self.description.map(|text| text.map(|text| text.0)),
            filter,
            headers: self.headers,
            rate_limit: self.rate_limit.map(|rate| rate.and_then(Rate::rate)),
            enabled: self.status.map(|status| status == Status::Enabled),
        })
    }
}

/// Subscribed event types of a webhook: at least one entry, each once.
#[derive(Debug, Clone)]
struct Subscriptions(Vec<Subscription>);

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

/// A test event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct Ping {
    /// Type of the event, by default `webhook.ping`.
    #[serde(default, deserialize_with = "optional")]
    #[schema(value_type = Option<String>, example = "report.completed")]
    r#type: Option<EventType>,
    /// Data of the event; by default a sample: the object of the last real event of the type, or one
    /// that its schema describes.
    #[serde(default)]
    #[schema(value_type = Option<PostData>)]
    data: Option<PostedData>,
}

impl Ping {
    /// Returns the test event that is asked for.
    pub(super) fn test(self, format: PayloadFormat) -> Result<Test, Problem> {
        let data = self.data.map(|data| data.checked(format)).transpose()?;
        Ok(Test { event_type: self.r#type, data })
    }
}

/// Options of a rotation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"overlap_seconds": 86400}))]
pub(crate) struct RotateSecret {
    /// Time for which the old secret signs as well, in seconds.
    #[serde(default)]
    #[schema(maximum = 604_800, default = 86_400)]
    pub(super) overlap_seconds: Option<u32>,
}

/// Statuses of the deliveries that a recovery takes up: at least one.
#[derive(Debug, Clone)]
struct Included(Vec<delivery::Status>);

impl<'de> Deserialize<'de> for Included {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<delivery::Status>::deserialize(deserializer)?;
        if all.is_empty() || all.iter().any(|status| !RECOVERABLE.contains(status)) {
            return Err(D::Error::custom("must be of exhausted, cancelled and retrying"));
        }
        Ok(Self(all))
    }
}

/// Period whose deliveries are recovered, and which of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"since": "2026-01-31T00:00:00.000Z"}))]
pub(crate) struct Recover {
    /// Start of the period, by the time of the events' creation.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T00:00:00.000Z")]
    since: Time,
    /// End of the period, by the time of the events' creation.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Time>,
    /// Statuses of the deliveries that are recovered: `exhausted`, `cancelled` (because the webhook was
    /// disabled), `retrying`.
    #[serde(default)]
    #[schema(
        value_type = Option<Vec<vocabulary::RecoverableStatus>>,
        min_items = 1,
        default = json!(["exhausted", "cancelled"])
    )]
    include: Option<Included>,
}

impl Recover {
    /// Returns the period, and the statuses of the deliveries in it that are recovered.
    pub(super) fn wanted(self) -> (Period, Vec<delivery::Status>) {
        let period = Period { since: Some(self.since.0), until: self.until.map(|until| until.0) };
        let include = self.include.map_or_else(|| RECOVERABLE[..2].to_vec(), |include| include.0);
        (period, include)
    }
}
