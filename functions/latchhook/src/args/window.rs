//! Period of a list or a count.

use clap::Args;
use domain::Timestamp;

use super::moment::{self, Past};
use crate::{client::Query, failure::Failure};

/// Period of a list; it ends now if no end is given.
#[derive(Args, Debug, Clone, Copy, Default)]
pub(crate) struct Window {
    /// From this time on, such as 1h or 2026-01-31
    #[arg(long, value_name = moment::TIME, value_parser = moment::past)]
    pub(crate) since: Option<Past>,
    /// Up to this time
    #[arg(long, value_name = moment::TIME, value_parser = moment::past)]
    pub(crate) until: Option<Past>,
}

impl Window {
    /// Returns both ends as the API takes them.
    ///
    /// # Errors
    /// [`Failure::Usage`] when it ends before it begins.
    pub(crate) fn ends(self, now: Timestamp) -> Result<(Option<String>, Option<String>), Failure> {
        let at = |end: Option<Past>| end.map(|end| end.at(now));
        let (since, until) = (at(self.since), at(self.until));
        if since.zip(until).is_some_and(|(since, until)| since > until) {
            return Err(Failure::Usage("--since is later than --until".to_owned()));
        }
        let text = |end: Option<Timestamp>| end.map(|end| end.to_string());
        Ok((text(since), text(until)))
    }

    /// Adds this period to `query`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when it ends before it begins.
    pub(crate) fn of(self, query: Query, now: Timestamp) -> Result<Query, Failure> {
        let (since, until) = self.ends(now)?;
        Ok(query.with("since", since).with("until", until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused_by_its_flags() {
        let now = "2026-03-31T12:00:00Z".parse().unwrap();
        let window = |since, until| Window {
            since: Some(moment::past(since).unwrap()),
            until: Some(moment::past(until).unwrap()),
        };
        let refused = window("1h", "2h").ends(now).unwrap_err();
        assert!(matches!(refused, Failure::Usage(why) if why.contains("--since")));
        let query = window("2h", "now").of(Query::new("/v1/logs"), now).unwrap().finish();
        assert_eq!(
            query,
            "/v1/logs?since=2026-03-31T10%3A00%3A00.000Z&until=2026-03-31T12%3A00%3A00.000Z"
        );
    }
}
