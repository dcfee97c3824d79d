//! Sentences that say what is wrong in a form, and what to do.

group! {
    /// Sentences that say what is wrong in a form, and what to do.
    FormWords {
        missing() = "Fill this in.";
        too_long(most) = "Shorten it to {most} characters.";
        wrong(why) = "This {why}";
        refused(why) = "{why}";
        date() = "Choose a date and a time.";
        date_or_empty() = "Choose a date and a time, or leave it empty.";
        future() = "Choose a time that is still to come.";
        sent_before() = "This form was sent before. Reload the page to see the result.";
        changed_meanwhile() = "Somebody else was changing this. Try again.";
        not_found() = "This is not here any more.";
        unavailable() = "Nothing was changed. Try again in a moment.";
        too_many_requests(why) = "{why}";
        webhook_quota(limit) = "Quota limit exceeded: the limit of this account is {limit} in each environment. Delete one that is no longer needed, or ask for a higher limit.";
        url() = "Enter the URL that events are to be posted to.";
        url_taken() = "Url has already been taken. Another webhook of this environment has it: change that one, or use another URL.";
        url_not_public() = "The host must be reachable from the public internet. Private, local and unqualified names are refused; to test on your own machine, use a tunnel.";
        url_scheme() = "Use https://. Test webhooks may use http:// as well; topics are sns://.";
        sns_url(why, form) = "{why} Write a topic as {form}.";
        event_types_none() = "Choose at least one event type, or all events.";
        event_types_many(most) = "Choose at most {most} event types, or whole groups of them.";
        event_type_unknown(why) = "{why}";
        scope_unknown(why) = "{why}";
        filter_json(example) = "Write a pattern as JSON, such as {example}.";
        header_line() = "Write each header on a line of its own, with a colon behind its name.";
        header_twice() = "Write each header once.";
        rate_numbers() = "Enter two whole numbers: attempts, and seconds.";
        live_closed() = "Live mode is not open to this account. Choose Test until it is credentialed.";
        key_expired() = "This key has already expired. Create a new one instead.";
        overlap() = "Choose how long both secrets sign.";
        confirm_url() = "Write the webhook’s URL exactly as it is shown above.";
        retry_some() = "Choose at least one of them.";
        tick_some() = "Tick what is to be retried.";
        tick_fewer(most) = "Tick at most {most} deliveries, or retry a whole webhook on its page.";
        no_json(line, column) = "This is no JSON from line {line}, column {column} on.";
    }
}
