//! Rows of the logs that are asked for.

use domain::{
    Environment, Timestamp,
    id::{EventId, KeyId, LogId, WebhookId},
    webhook::EventType,
};
use ports::store::{Partition, Row};
use serde::Deserialize;

use crate::{
    lateness::{Lateness, written_since},
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
}

impl WantedStatus {
    pub(super) fn is(self, succeeded: bool, status: Option<u16>) -> bool {
        match self {
            Self::Succeeded => succeeded,
            Self::Failed => !succeeded,
            Self::Http(wanted) => status == Some(wanted),
        }
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
    /// API key of the requests.
    pub(crate) api_key: Option<KeyId>,
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
        ];
        let of_requests = [("api_key_id", self.api_key.is_some())];
        let kind = self.kind.unwrap_or(if self.api_key.is_some() {
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
