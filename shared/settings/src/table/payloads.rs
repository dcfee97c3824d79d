//! Settings of what a delivery looks like.

use domain::{PayloadFormat, SignatureHeaders};

use crate::{parse, setting::Setting};

/// Layout of deliveries' bodies.
pub const PAYLOAD_FORMAT: Setting<PayloadFormat> =
    Setting::new("payload_format", "LATCHHOOK_PAYLOAD_FORMAT", parse::payload_format)
        .help(
            "FORMAT",
            "Body of a delivery: related_object, standard (type, timestamp and data), or raw (the event's data as it was posted)",
        )
        .or("related_object");

/// Prefixes of the signature headers.
pub const SIGNATURE_HEADERS: Setting<SignatureHeaders> =
    Setting::new("signature_headers", "LATCHHOOK_SIGNATURE_HEADERS", parse::signature_headers)
        .help(
            "PREFIXES",
            "Prefixes of the headers that sign a delivery, such as webhook,svix for both sets: PREFIX-id, PREFIX-timestamp and PREFIX-signature",
        )
        .or("webhook");

/// `User-Agent` of deliveries.
pub const USER_AGENT: Setting<String> =
    Setting::new("user_agent", "LATCHHOOK_USER_AGENT", parse::user_agent).help(
        "TEXT",
        "User-Agent of deliveries, such as Acme-Webhooks/1.0; without it, Latchhook-Webhook and the version",
    );
