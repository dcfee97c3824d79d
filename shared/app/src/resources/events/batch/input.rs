//! Input of a batch: the body that the operator sends.

use std::collections::HashSet;

use domain::{Environment, webhook::EventType};
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

use super::super::{
    input::{PostData, PostEvent, PostedData},
    post::NewEvent,
};
use crate::{
    Settings,
    http::{
        extract::LARGEST_BODY,
        fields::{FieldError, Time, Verbatim},
        headers::is_idempotency_key,
        jurisdiction::NamedJurisdiction,
        openapi::vocabulary,
        text::parsed,
    },
    problem::{Code, Problem},
};

/// Most events of one batch.
const MOST: usize = 100;
/// Field of an event with its idempotency key.
const KEY: &str = "idempotency_key";

/// Events to be accepted together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"events": [
    {
        "type": "report.completed",
        "environment": "test",
        "data": {"object": {"id": "4722c07dd9a10c3985ae432a", "object": "report"}},
        "idempotency_key": "report-4722c07d-completed",
    },
]}))]
pub(crate) struct PostEvents {
    /// Events, 1 to 100: all are accepted, or none.
    #[schema(value_type = Vec<BatchedEvent>, min_items = 1, max_items = 100)]
    events: Vec<Verbatim>,
}

/// Event of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BatchedEvent {
    /// Type of the event.
    #[serde(deserialize_with = "parsed")]
    #[schema(value_type = String, example = "report.completed")]
    r#type: EventType,
    /// `test` or `live`.
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    /// Jurisdiction of its subject; only where there are several.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Jurisdiction>, default = "US")]
    jurisdiction: NamedJurisdiction,
    #[schema(value_type = PostData)]
    data: PostedData,
    /// Time at which it happened, by default now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
    /// Idempotency key of this event: as if it had been posted alone, with that in the header.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, example = "report-4722c07d-completed")]
    idempotency_key: Option<IdempotencyKey>,
}

/// Event of a batch, as it is to be accepted.
pub(crate) struct Item {
    /// The event.
    pub(super) new: NewEvent,
    /// Idempotency key, and the request that it stands for; none if it has no key.
    pub(super) claim: Option<Requested>,
}

/// Request that posts the event alone.
pub(super) struct Requested {
    pub(super) key: String,
    /// Method, path and body.
    pub(super) request: String,
}

#[derive(Debug)]
struct IdempotencyKey(String);

impl<'de> Deserialize<'de> for IdempotencyKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if is_idempotency_key(&text) {
            Ok(Self(text))
        } else {
            Err(D::Error::custom("must be 1 to 255 visible ASCII characters"))
        }
    }
}

impl PostEvents {
    /// Returns the events, in an installation with these `settings`.
    ///
    /// # Errors
    /// The first fault, with the place of its event.
    pub(in super::super) fn items(self, settings: &Settings) -> Result<Vec<Item>, Problem> {
        if !(1..=MOST).contains(&self.events.len()) {
            return Err(Problem::invalid("events", "must have 1 to 100 entries"));
        }
        let (mut items, mut keys) = (Vec::with_capacity(self.events.len()), HashSet::new());
        for (index, text) in self.events.iter().enumerate() {
            let item = item(index, text, settings)?;
            let is_new = item.claim.as_ref().is_none_or(|claim| keys.insert(claim.key.clone()));
            if !is_new {
                let path = format!("events[{index}].{KEY}");
                return Err(Problem::invalid(path, "must not be that of another event as well"));
            }
            items.push(item);
        }
        Ok(items)
    }
}

fn item(index: usize, text: &Verbatim, settings: &Settings) -> Result<Item, Problem> {
    let placed = |error: FieldError| error.in_list(index).under("events");
    let path = format!("events[{index}]");
    if text.0.get().len() > LARGEST_BODY {
        let what = format_args!("is larger than {} KiB", LARGEST_BODY / 1024);
        return Err(Code::PayloadTooLarge.of_which(path, what));
    }
    let BatchedEvent { r#type, environment, jurisdiction, data, created_at, idempotency_key } =
        text.read().map_err(placed)?;
    let posted = PostEvent { r#type, environment, jurisdiction, data, created_at };
    let new = posted.new_event(settings).map_err(|problem| problem.within(&path))?;
    let claim = idempotency_key.map(|IdempotencyKey(key)| Requested {
        key,
        request: format!("POST /v1/events\n{}", text.without(KEY)),
    });
    Ok(Item { new, claim })
}
