//! Rows of the logs that are asked for.

use domain::{
    Environment, Redacted, Timestamp,
    id::{EventId, KeyId, LogId, WebhookId},
    webhook::EventType,
};
use ports::store::{Partition, Row};
use serde::Deserialize;

use crate::{
    documents::RequestRow,
    lateness::{Lateness, written_since},
    network::Network,
    paging::{Period, Source},
    problem::Problem,
};

/// Kind of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    ApiRequest,
    WebhookDelivery,
}

/// Status that rows are filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WantedStatus {
    /// The answer was a 2xx.
    Succeeded,
    /// There was no answer, or another one.
    Failed,
    /// The answer had this HTTP status.
    Http(u16),
    /// The answer had a status of this class: 4 means 400 to 499.
    Class(u16),
}

impl WantedStatus {
    pub(super) fn is(self, succeeded: bool, status: Option<u16>) -> bool {
        match self {
            Self::Succeeded => succeeded,
            Self::Failed => !succeeded,
            Self::Http(wanted) => status == Some(wanted),
            Self::Class(wanted) => status.is_some_and(|status| status / 100 == wanted),
        }
    }

    /// Returns whether only failed attempts of deliveries have it.
    pub(super) fn is_failed(self) -> bool {
        match self {
            Self::Succeeded => false,
            Self::Failed => true,
            Self::Http(status) => !(200..300).contains(&status),
            Self::Class(class) => class != 2,
        }
    }
}

/// Filters that rows of the API log alone have; what is none filters nothing.
#[derive(Debug, Default)]
pub(crate) struct WantedRequest {
    /// API key of the requests.
    pub(crate) api_key: Option<KeyId>,
    /// Method, in either case.
    pub(crate) method: Option<String>,
    /// Beginning of the path.
    pub(crate) path: Option<String>,
    /// Identifier of the request.
    pub(crate) request: Option<Redacted>,
    /// Network of the caller.
    pub(crate) ip: Option<Network>,
}

impl WantedRequest {
    /// Returns whether `row` passes.
    pub(super) fn passes(&self, row: &RequestRow) -> bool {
        let RequestRow { api_key_id, details, .. } = row;
        let is_from =
            |network: Network| details.ip.as_ref().is_some_and(|ip| network.contains(ip.as_str()));
        self.api_key.is_none_or(|key| *api_key_id == Some(key))
            && self
                .method
                .as_ref()
                .is_none_or(|it| it.eq_ignore_ascii_case(details.method.as_str()))
            && self.path.as_ref().is_none_or(|it| details.path.as_str().starts_with(it))
            && self.request.as_ref().is_none_or(|it| details.request_id.as_ref() == Some(it))
            && self.ip.is_none_or(is_from)
    }

    /// Returns the filters that are given, by the names of their parameters.
    fn given(&self) -> [(&'static str, bool); 5] {
        [
            ("api_key_id", self.api_key.is_some()),
            ("method", self.method.is_some()),
            ("path", self.path.is_some()),
            ("request_id", self.request.is_some()),
            ("ip", self.ip.is_some()),
        ]
    }
}

/// Filters of log rows; what is none filters nothing.
pub(crate) struct Wanted {
    /// Kind of log.
    pub(crate) kind: Option<Kind>,
    /// Environment of the rows.
    pub(crate) environment: Option<Environment>,
    /// Status of the rows.
    pub(crate) status: Option<WantedStatus>,
    /// Webhook of the deliveries.
    pub(crate) webhook: Option<WebhookId>,
    /// Event of the deliveries.
    pub(crate) event: Option<EventId>,
    /// Type of the event.
    pub(crate) event_type: Option<EventType>,
    /// Related object of the event.
    pub(crate) object: Option<Redacted>,
    /// Properties of the requests.
    pub(crate) requests: WantedRequest,
    /// Period of the rows.
    pub(crate) period: Period,
    /// Time since when the rows were written.
    pub(crate) written_since: Option<Timestamp>,
}

impl Wanted {
    /// Returns the sources of the rows of `partitions`; `late` are the partitions of late ones.
    pub(super) fn sources(
        &self,
        partitions: Vec<Partition>,
        index: bool,
        late: impl Iterator<Item = Partition>,
    ) -> Vec<Source> {
        let range = self.period.of_ids(LogId::PREFIX);
        let source = Source { partitions, index, range };
        match self.written_since {
            None => vec![source],
            Some(since) => written_since(source, late.collect(), since),
        }
    }

    /// Returns whether a row with these times passes; `listed` is the list entry it was found by,
    /// if any.
    pub(super) fn times_pass(
        &self,
        created_at: Timestamp,
        written: Lateness,
        listed: Option<&Row>,
    ) -> bool {
        self.period.contains(created_at)
            && self.written_since.is_none_or(|since| {
                written.is_since(since, created_at)
                    && listed.is_none_or(|row| written.is_at_its_place(row))
            })
    }

    /// Returns the kind of log: by default the one that the other filters are for.
    ///
    /// # Errors
    /// When a filter is for the other log.
    pub(super) fn kind(&self) -> Result<Kind, Problem> {
        let of_deliveries = [
            ("webhook_id", self.webhook.is_some()),
            ("event_id", self.event.is_some()),
            ("event_type", self.event_type.is_some()),
            ("object_id", self.object.is_some()),
        ];
        let of_requests = self.requests.given();
        let kind = self.kind.unwrap_or(if of_requests.iter().any(|(_, given)| *given) {
            Kind::ApiRequest
        } else {
            Kind::WebhookDelivery
        });
        let (foreign, name): (&[(&'static str, bool)], _) = match kind {
            Kind::ApiRequest => (&of_deliveries, "webhook_delivery"),
            Kind::WebhookDelivery => (&of_requests, "api_request"),
        };
        match foreign.iter().find(|(_, given)| *given) {
            None => Ok(kind),
            Some((param, _)) => {
                Err(Problem::invalid(*param, format_args!("goes with kind={name}")))
            }
        }
    }
}
