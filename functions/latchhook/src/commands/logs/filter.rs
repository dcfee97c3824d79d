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
    /// Outcome: succeeded, failed, an HTTP status such as 404, or a class such as 4xx
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
    /// Only deliveries of events about the object with this identifier
    #[arg(long, value_name = "OBJECT_ID")]
    object: Option<String>,
    /// Only requests made with this API key, key_…
    #[arg(long, value_name = "KEY_ID", value_parser = args::key_id)]
    key: Option<String>,
    /// Only requests with this method
    #[arg(long)]
    method: Option<String>,
    /// Only requests whose path begins with this
    #[arg(long, value_name = "PREFIX")]
    path: Option<String>,
    /// Only the request with this identifier, req_… or your own
    #[arg(long, value_name = "REQUEST_ID")]
    request: Option<String>,
    /// Only requests from this address or range, such as 203.0.113.0/24
    #[arg(long, value_name = "ADDRESS|CIDR")]
    ip: Option<String>,
    #[command(flatten)]
    window: Window,
}

impl Filter {
    /// Returns whether any of its flags was given.
    pub(super) fn is_given(&self) -> bool {
        self.given().iter().any(|(_, value)| value.is_some())
            || self.window.since.is_some()
            || self.window.until.is_some()
    }

    /// Returns its flags but the period, by the names of the API's parameters.
    fn given(&self) -> [(&'static str, Option<&String>); 12] {
        [
            ("kind", self.kind.as_ref()),
            ("environment", self.environment.as_ref()),
            ("status", self.status.as_ref()),
            ("webhook_id", self.webhook.as_ref()),
            ("event_id", self.event.as_ref()),
            ("event_type", self.event_type.as_ref()),
            ("object_id", self.object.as_ref()),
            ("api_key_id", self.key.as_ref()),
            ("method", self.method.as_ref()),
            ("path", self.path.as_ref()),
            ("request_id", self.request.as_ref()),
            ("ip", self.ip.as_ref()),
        ]
    }

    /// Returns the query for the list; relative times are relative to `now`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the period ends before it begins.
    pub(super) fn query(&self, now: Timestamp) -> Result<Query, Failure> {
        let (since, until) = self.window.ends(now)?;
        let given = self.given().into_iter();
        let query =
            given.fold(Query::new("/v1/logs"), |query, (name, value)| query.with(name, value));
        Ok(query.with("since", since).with("until", until))
    }
}
