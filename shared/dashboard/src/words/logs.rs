//! Sentences of the pages of logs and events.

use std::borrow::Cow;

group! {
    /// Sentences of the pages of logs and events.
    LogWords {
        title() = "Logs";
        search() = "Search";
        search_label() = "Search both logs";
        search_example() = "Object, event or request id, path, URL, key name or IP address";
        which() = "Which log";
        deliveries() = "Webhook deliveries";
        requests() = "API requests";
        events() = "Events";
        newest_events() = "Events, newest first";
        filter_events() = "Filter the events";
        no_event_passes() = "Nothing passes these filters. Events are kept for a limited time.";
        no_event() = "Every event that is posted for you appears here.";
        to_no_webhook() = "no webhook";
        events_when() = "Events are listed by when they happened. One that was posted later than that is in the statement of the time in which it was posted.";
        wrong_filter() = "Something above is not right, so nothing was looked for.";
        none_yet() = "Nothing among the newest.";
        none_yet_what() = "Older ones were not looked at yet: go on below.";
        filter() = "Filter";
        filter_label() = "Filter the log";
        both() = "Both";
        any() = "Any";
        all() = "All";
        status() = "Status";
        webhook() = "Webhook";
        event() = "Event";
        event_type() = "Event type";
        object() = "Object";
        data() = "Data";
        api_key() = "API key";
        api_key_example() = "Name or key_…";
        method() = "Method";
        path() = "Path from";
        path_label() = "Path begins with";
        ip() = "Address";
        request() = "Request";
        since() = "From";
        until() = "To";
        since_zone[zone] = "From ({zone})";
        until_zone[zone] = "To ({zone})";
        clear() = "Clear";
        filters() = "Filters";
        without(name) = "Without {name}";
        last_hour() = "Last hour";
        last_day() = "Last 24 hours";
        last_week() = "Last 7 days";
        newest_requests() = "Requests, newest first";
        newest_attempts() = "Attempts, newest first";
        export() = "Export";
        export_what() = "The newest 1,000 rows of this list";
        csv() = "CSV";
        json_lines() = "JSON lines";
        newest() = "Newest";
        live() = "Live";
        stop() = "Stop";
        watch() = "Watch live";
        retry_ticked() = "Retry ticked";
        all_rows() = "All";
        none() = "Nothing here.";
        none_pass() = "Nothing passes these filters. Logs are kept for a limited time.";
        no_request() = "Every request made with one of your keys appears here.";
        no_attempt() = "Every attempt to deliver an event appears here.";

        retry() = "Retry";
        retry_of(kind, event) = "Retry {kind}, {event}";
        result() = "Result";
        attempt() = "Attempt";
        took() = "Took";
        when() = "When";
        from() = "From";
        ms(count) = "{count} ms";
        retry_at[ago] = "retry {ago}";
        schedule() = "by the schedule";
        resend() = "sent again by hand";
        recover() = "retried by hand";
        ping() = "test event";

        attempt_of(kind, number) = "{kind}, attempt {number}";
        attempt_number(number) = "Attempt {number}";
        attempts() = "Attempts";
        sent_to() = "Sent to";
        next_attempt() = "Next attempt";
        send_again() = "Send again now";
        advance() = "Send the next attempt now";
        request_body() = "Body of the request";
        request_raw() = "Raw body of the request";
        response_body() = "Body of the response";
        response_raw() = "Raw body of the response";
        raw_body() = "Raw body";
        expired() = "The event has expired or was erased, so its body can’t be shown.";
        erased() = "The data was erased:";
        erased_body() = "The event was erased, and this with it.";
        as_curl() = "As cURL";
        curl_command() = "cURL command";
        response() = "Response";
        empty_body() = "The body was empty.";
        excerpt() = "At most the first KiB is kept. Only the status of a response counts; its body is ignored.";
        no_response() = "There was no response.";
        error() = "Error";
        user_agent() = "User agent";

        attempts_one() = "1 attempt made.";
        attempts_made(count) = "{count} attempts made.";
        its_webhook() = "Its webhook";
        more_deliveries(count) = "There are deliveries to {count} more webhooks.";
        its_attempts() = "All attempts";
        no_delivery() = "No webhook received this event.";
        no_delivery_what() = "When it was accepted, no webhook matched its environment and type.";
        no_delivery_jurisdiction() = "When it was accepted, no webhook matched its environment, jurisdiction and type.";
        the_object() = "The event’s object";
        the_data() = "The event’s data";
        then() = "then";
        the_last() = "the last";
        last_of(count) = "the last of {count} more";
        none_made() = "No attempt was made.";
    }
}

impl LogWords {
    /// Label of a filter.
    pub(crate) fn label(&self, filter: &str) -> Cow<'_, str> {
        match filter {
            "status" => self.status(),
            "webhook_id" => self.webhook(),
            "event_id" => self.event(),
            "event_type" => self.event_type(),
            "object_id" => self.object(),
            "api_key_id" => self.api_key(),
            "method" => self.method(),
            "path" => self.path(),
            "ip" => self.ip(),
            "request_id" => self.request(),
            "since" => self.since(),
            _ => self.until(),
        }
    }

    /// Reason why an attempt was made.
    pub(crate) fn trigger<'a>(&'a self, trigger: &'a str) -> Cow<'a, str> {
        match trigger {
            "schedule" => self.schedule(),
            "resend" => self.resend(),
            "recover" => self.recover(),
            "ping" => self.ping(),
            other => Cow::Borrowed(other),
        }
    }
}
