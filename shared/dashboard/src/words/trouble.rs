//! Sentences about failures of deliveries: since when, how often, why, and what to check.

use std::borrow::Cow;

group! {
    /// Sentences about failures of deliveries: since when, how often, why, and what to check.
    TroubleWords {
        rate_none() = "No attempt was made in the last 24 hours.";
        rate_one() = "The only attempt of the last 24 hours failed.";
        rate_all(count) = "All {count} attempts of the last 24 hours failed.";
        rate(failed, count) = "{failed} of {count} attempts in the last 24 hours failed.";
        answers(status, meaning) = "It answers {status}: {meaning}";
        answered(status) = "The receiver answered {status}, not a 2xx.";
        failed(why) = "{why}.";
        no_host(why, host) = "{why}: {host}.";
        no_answer() = "no answer";

        redirects() = "redirects are not followed. Enter the address that it leads to.";
        refuses() = "it refuses the delivery. Check the signing secret, and credentials in the URL.";
        nothing_there() = "nothing is at that path. Check the URL.";
        takes_no_post() = "it takes no POST at that path. Check the URL.";
        late() = "it took too long. Acknowledge first, and work afterwards.";
        too_large_for_it() = "the payload is too large for it. Raise its limit, or leave the related object out.";
        too_many_for_it() = "it takes fewer requests than it is sent. Raise its limit.";
        fails_itself() = "it fails by itself. Its own log says why.";
        no_2xx() = "only a 2xx acknowledges. Its own log says why.";

        dns_error() = "Its host name does not resolve.";
        dns_error_check() = "Check the URL and the DNS record.";
        address_not_public() = "Its host has a private address.";
        address_not_public_check() = "It must be publicly reachable.";
        connection_error() = "No connection can be made.";
        connection_error_check() = "Check that it runs, and its firewall.";
        tls_error() = "TLS fails.";
        tls_error_check() = "Check its certificate: the host name, the chain and the expiry.";
        timeout() = "It takes too long.";
        timeout_check() = "Acknowledge first, and work afterwards.";
        protocol_error() = "What it answers is not HTTP.";
        protocol_error_check() = "Check the port.";
        sns_error() = "The topic refuses the message.";
        sns_error_check() = "Check its access key and policy.";
        message_too_large() = "The message is too large for a topic.";
        message_too_large_check() = "Leave the related object out.";
        attempts_say() = "The attempts say why.";

        short_dns_error() = "DNS error";
        short_address_not_public() = "address not public";
        short_connection_error() = "connection error";
        short_tls_error() = "TLS error";
        short_timeout() = "timeout";
        short_protocol_error() = "protocol error";
        short_sns_error() = "SNS error";
        short_secrets_unavailable() = "secrets unavailable";
        short_message_too_large() = "message too large";
        short_ambiguous_object() = "ambiguous object";

        gone() = "Its receiver answered 410 Gone, so deliveries were stopped.";
        failed_long() = "Everything failed for 60 days, so deliveries were stopped.";
        disabled() = "Somebody disabled it.";
    }
}

impl TroubleWords {
    /// Meaning of an answer with `status`, for whoever runs the receiver.
    pub(crate) fn meaning(&self, status: u16) -> Cow<'_, str> {
        match status {
            300..=399 => self.redirects(),
            401 | 403 => self.refuses(),
            404 => self.nothing_there(),
            405 => self.takes_no_post(),
            408 | 504 => self.late(),
            413 => self.too_large_for_it(),
            429 => self.too_many_for_it(),
            500..=599 => self.fails_itself(),
            _ => self.no_2xx(),
        }
    }

    /// Fault of the receiver, and what to check; none where neither is known.
    pub(crate) fn told(&self, status: Option<u16>, code: &str) -> Option<Cow<'_, str>> {
        match status {
            Some(status) => Some(self.answers(status, self.meaning(status))),
            None => {
                self.unanswered(code).map(|(fault, check)| Cow::Owned(format!("{fault} {check}")))
            }
        }
    }

    /// Meaning of a failure without an answer, and what to check; none of one that is not known.
    pub(crate) fn unanswered(&self, code: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
        Some(match code {
            "dns_error" => (self.dns_error(), self.dns_error_check()),
            "address_not_public" => (self.address_not_public(), self.address_not_public_check()),
            "connection_error" => (self.connection_error(), self.connection_error_check()),
            "tls_error" => (self.tls_error(), self.tls_error_check()),
            "timeout" => (self.timeout(), self.timeout_check()),
            "protocol_error" => (self.protocol_error(), self.protocol_error_check()),
            "sns_error" => (self.sns_error(), self.sns_error_check()),
            "message_too_large" => (self.message_too_large(), self.message_too_large_check()),
            _ => return None,
        })
    }

    /// Failure without an answer in two or three words.
    pub(crate) fn short(&self, code: &str) -> Cow<'_, str> {
        match code {
            "dns_error" => self.short_dns_error(),
            "address_not_public" => self.short_address_not_public(),
            "connection_error" => self.short_connection_error(),
            "tls_error" => self.short_tls_error(),
            "timeout" => self.short_timeout(),
            "protocol_error" => self.short_protocol_error(),
            "sns_error" => self.short_sns_error(),
            "secrets_unavailable" => self.short_secrets_unavailable(),
            "message_too_large" => self.short_message_too_large(),
            "ambiguous_object" => self.short_ambiguous_object(),
            other => Cow::Owned(other.replace('_', " ")),
        }
    }
}
