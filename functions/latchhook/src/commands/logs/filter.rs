//! Filter of log rows.

use domain::Timestamp;

use crate::{
    args::{self, Window, choices},
    client::Query,
    failure::Failure,
};

/// Filter of log rows.
#[derive(clap::Args)]
pub(super) struct Filter {
    /// Kind of log; without it, the one that the other flags are about, or deliveries
    #[arg(long, value_parser = choices::log_kind())]
    kind: Option<String>,
    /// Only of this environment
    #[arg(long, value_parser = choices::environment())]
    environment: Option<String>,
    /// Outcome: succeeded, failed, or an HTTP status such as 404
    #[arg(long, value_parser = choices::LogStatus, hide_possible_values = true)]
    status: Option<String>,
    /// Only deliveries to this webhook, wh_…
    #[arg(long, value_name = "WEBHOOK_ID", value_parser = args::webhook_id)]
    webhook: Option<String>,
    /// Only deliveries of this event, evt_…
    #[arg(long, value_name = "EVENT_ID", value_parser = args::event_id)]
    event: Option<String>,
    /// Only deliveries of events of this type
    #[arg(long, value_name = "TYPE", value_parser = args::event_type)]
    event_type: Option<String>,
    /// Only requests made with this API key, key_…
    #[arg(long, value_name = "KEY_ID", value_parser = args::key_id)]
    key: Option<String>,
    #[command(flatten)]
    window: Window,
}

impl Filter {
    /// Returns whether any of its flags was given.
    pub(super) fn is_given(&self) -> bool {
        let Self { kind, environment, status, webhook, event, event_type, key, window } = self;
        [kind, environment, status, webhook, event, event_type, key].iter().any(|it| it.is_some())
            || window.since.is_some()
            || window.until.is_some()
    }

    /// Returns the query for the list; relative times are relative to `now`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the period ends before it begins.
    pub(super) fn query(&self, now: Timestamp) -> Result<Query, Failure> {
        let (since, until) = self.window.ends(now)?;
        let query = Query::new("/v1/logs")
            .with("kind", self.kind.as_ref())
            .with("environment", self.environment.as_ref())
            .with("status", self.status.as_ref())
            .with("webhook_id", self.webhook.as_ref())
            .with("event_id", self.event.as_ref())
            .with("event_type", self.event_type.as_ref())
            .with("api_key_id", self.key.as_ref())
            .with("since", since)
            .with("until", until);
        Ok(query)
    }
}
