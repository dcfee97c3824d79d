//! Sentences of what several pages have: marks, buttons, charts.

use std::borrow::Cow;

group! {
    /// Sentences of what several pages have: marks, buttons, charts.
    CommonWords {
        live() = "Live";
        test() = "Test";
        pending() = "Pending";
        retrying() = "Retrying";
        delivered() = "Delivered";
        exhausted() = "Exhausted";
        cancelled() = "Cancelled";
        enabled() = "Enabled";
        disabled() = "Disabled";
        failing() = "Failing";
        optional() = "optional";
        never() = "Never";
        back() = "Back";
        cancel() = "Cancel";
        save() = "Save changes";
        older() = "Older";
        utc() = "UTC";
        your_time() = "your time";
        identifier() = "Identifier";
        created() = "Created";
        environment() = "Environment";
        all_events() = "All events";
        and_more(first, count) = "{first} and {count} more";
        nothing() = "Nothing";
        copy_identifier() = "Copy identifier";
        copy_command() = "Copy command";
        copy_code() = "Copy code";
        copy_raw_body() = "Copy raw body";
        copy_key() = "Copy key";
        show_key() = "Show key";
        hide_key() = "Hide key";
        copy_secret() = "Copy signing secret";
        show_secret() = "Show signing secret";
        hide_secret() = "Hide signing secret";
        hide_it() = "Hide it";
        copied() = "Copied";
        not_copied() = "Could not be copied";
        unreachable() = "The server can’t be reached. You see the last known state; trying again.";
        remove(name) = "Remove {name}";
        lines(what, count) = "{what}, {count} lines";
        last_day() = "Last 24 hours";
        day_ago() = "24 hours ago";
        now() = "Now";
        most(count) = "{count} an hour at most";
        acknowledged() = "Acknowledged";
        tried_again() = "Failed, tried again";
        given_up() = "Given up";
        as_table() = "As a table";
        hour_from() = "Hour from";
        attempts() = "Attempts";
        hours_left_out() = "Hours without attempts are left out.";
        chart_empty() = "No attempts in the last 24 hours";
        chart_one(share) = "1 attempt in the last 24 hours, {share}% acknowledged";
        chart(count, share) = "{count} attempts in the last 24 hours, {share}% acknowledged";
        bar_empty() = "no attempts";
        bar(attempts, succeeded, retrying, failed) = "{attempts} attempts; {succeeded} acknowledged, {retrying} failed and tried again, {failed} given up";
        waiting_one() = "1 delivery waiting for a retry";
        waiting(count) = "{count} deliveries waiting for a retry";
        waiting_at_least(count) = "{count} or more deliveries waiting for a retry";
    }
}

impl CommonWords {
    /// Name of an environment.
    pub(crate) fn mode(&self, environment: &str) -> Cow<'_, str> {
        if environment == "live" { self.live() } else { self.test() }
    }

    /// Name of a delivery's status.
    pub(crate) fn delivery<'a>(&'a self, status: &'a str) -> Cow<'a, str> {
        match status {
            "pending" => self.pending(),
            "retrying" => self.retrying(),
            "delivered" => self.delivered(),
            "exhausted" => self.exhausted(),
            "cancelled" => self.cancelled(),
            other => Cow::Borrowed(other),
        }
    }
}
