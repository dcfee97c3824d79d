//! Input of reports: the bodies that the operator sends.

use domain::{Environment, Redacted, id::KeyId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::report::Reported;
use crate::{
    documents::RequestRowDetails,
    http::{
        fields::Time,
        openapi::vocabulary,
        text::{Address, Name, Text, parsed},
    },
};

/// Report of requests to the operator's own API, for an account's log.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"request_logs": [{
    "environment": "live",
    "method": "GET",
    "path": "/v1/reports",
    "status": 200,
    "duration_ms": 12,
    "ip": "203.0.113.7",
}]}))]
pub(crate) struct ReportRequests {
    /// Requests, up to 500.
    #[schema(min_items = 1, max_items = 500)]
    request_logs: Vec<ReportedRequest>,
}

/// A request to the operator's own API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReportedRequest {
    /// Key of the account that the request was made with.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    api_key_id: Option<KeyRef>,
    #[schema(value_type = vocabulary::Environment)]
    environment: Environment,
    #[schema(value_type = String, min_length = 1, max_length = 16, example = "GET")]
    method: Text<16>,
    #[schema(value_type = String, min_length = 1, max_length = 1024, example = "/v1/reports")]
    path: Text<1024>,
    #[schema(minimum = 100, maximum = 599, example = 200)]
    status: u16,
    #[serde(default)]
    duration_ms: Option<u32>,
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "203.0.113.7")]
    ip: Option<Address>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1024)]
    user_agent: Option<Text<1024>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    request_id: Option<Name>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    created_at: Option<Time>,
}

/// Identifier of a key.
#[derive(Debug, Clone, Copy, Deserialize)]
struct KeyRef(#[serde(deserialize_with = "parsed")] KeyId);

impl ReportRequests {
    /// Returns the requests that are reported.
    pub(super) fn requests(self) -> Vec<Reported> {
        self.request_logs.into_iter().map(ReportedRequest::reported).collect()
    }
}

impl ReportedRequest {
    fn reported(self) -> Reported {
        Reported {
            api_key: self.api_key_id.map(|key| key.0),
            environment: self.environment,
            created_at: self.created_at.map(|time| time.0),
            details: RequestRowDetails {
                method: Redacted::new(&self.method.0),
                path: Redacted::new(&self.path.0),
                status: Some(self.status),
                duration_ms: self.duration_ms.map(u64::from),
                ip: self.ip.map(|ip| Redacted::new(&ip.0.to_string())),
                user_agent: self.user_agent.map(|agent| Redacted::new(&agent.0)),
                request_id: self.request_id.map(|id| Redacted::new(&id.0)),
                error_code: None,
            },
        }
    }
}
