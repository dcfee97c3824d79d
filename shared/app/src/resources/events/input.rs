//! Input about events: what the operator posts.

use domain::{Environment, PayloadFormat, webhook::EventType};
use serde::Deserialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::post::NewEvent;
use crate::{
    Settings,
    http::{
        fields::{Time, Verbatim},
        jurisdiction::NamedJurisdiction,
        openapi::vocabulary,
        text::{Name, Text, parsed},
    },
    problem::Problem,
};

/// A new event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "type": "report.completed",
    "environment": "test",
    "data": {"object": {
        "id": "4722c07dd9a10c3985ae432a",
        "object": "report",
        "uri": "/v1/reports/4722c07dd9a10c3985ae432a",
        "status": "clear",
    }},
}))]
pub(crate) struct PostEvent {
    /// Type of the event.
    #[serde(deserialize_with = "parsed")]
    #[schema(value_type = String, example = "report.completed")]
    pub(super) r#type: EventType,
    /// `test` or `live`.
    #[schema(value_type = vocabulary::Environment)]
    pub(super) environment: Environment,
    /// Jurisdiction of its subject; only where there are several.
    #[serde(default)]
    #[schema(value_type = Option<vocabulary::Jurisdiction>, default = "US")]
    pub(super) jurisdiction: NamedJurisdiction,
    #[schema(value_type = PostData)]
    pub(super) data: PostedData,
    /// Time at which it happened, by default now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) created_at: Option<Time>,
}

impl PostEvent {
    /// Returns the event that is to be accepted, in an installation with these `settings`.
    ///
    /// # Errors
    /// When its object lacks what every related object has, or for its jurisdiction.
    pub(super) fn new_event(self, settings: &Settings) -> Result<NewEvent, Problem> {
        let data = self.data.checked(settings.envelope.format)?;
        Ok(NewEvent {
            event_type: self.r#type,
            environment: self.environment,
            jurisdiction: self.jurisdiction.among(&settings.jurisdictions)?,
            created_at: self.created_at.map(|time| time.0),
            data,
        })
    }
}

/// Data of an event: what it may be depends on the installation's payload format.
#[derive(Debug, Deserialize)]
pub(crate) struct PostedData(Verbatim);

/// Data of an event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PostData {
    /// Related object: anything with `id`, `object` and, if it can be fetched, `uri`.
    #[serde(rename = "object")]
    #[schema(rename = "object", value_type = Object, example = json!({
        "id": "4722c07dd9a10c3985ae432a", "object": "report", "uri": "/v1/reports/4722c07dd9a10c3985ae432a"
    }))]
    _object: Related,
}

/// Members that every related object must have.
#[derive(Debug, Deserialize)]
struct Related {
    #[serde(rename = "id")]
    _id: Name,
    #[serde(rename = "object")]
    _object: Name,
    #[serde(default, rename = "uri")]
    _uri: Option<Text<2048>>,
}

impl PostedData {
    /// Returns the data as it is kept: its very bytes where receivers get these, else without white
    /// space between its tokens.
    ///
    /// # Errors
    /// When it lacks what every related object has, where there has to be one.
    pub(crate) fn checked(self, format: PayloadFormat) -> Result<Box<RawValue>, Problem> {
        let Self(data) = self;
        match format {
            PayloadFormat::Raw => Ok(data.0),
            PayloadFormat::Standard => Ok(data.compact()),
            PayloadFormat::RelatedObject => {
                data.read::<PostData>().map_err(|error| error.under("data"))?;
                Ok(data.compact())
            }
        }
    }
}
