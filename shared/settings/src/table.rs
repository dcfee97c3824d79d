//! Table of every setting of every binary.

mod answers;
mod brand;
mod operator;
mod payloads;
mod sign_in;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use domain::{Jurisdictions, delivery::Schedule, key::token::KeyPrefix};
use guard::AllowNetworks;
use http::HeaderName;
use resolver::NameServers;
use tracing_subscriber::filter::Targets;
use url::Url;

use crate::{
    choices::{LogFormat, TraceLevel, VaultKind},
    jurisdictions, parse,
    setting::Setting,
};

pub use self::{answers::*, brand::*, operator::*, payloads::*, sign_in::*};

/// Upper bound of the number of attempts that may be allowed to run at once.
const MOST_WORKERS: u32 = 10_000;

/// Upper bound of the number of connections that may be allowed.
const MOST_CONNECTIONS: u32 = 1_000_000;

/// Upper bound of the memory for bodies, in MiB.
const MOST_BODY_MEMORY: u32 = 1024 * 1024;

/// Configuration file.
pub const CONFIG: Setting<PathBuf> = Setting::new("config", "LATCHHOOK_CONFIG", parse::path)
    .help("FILE", "A TOML file with any of these settings, named like the flags with _ for -");

/// Data directory.
pub const DATA_DIR: Setting<PathBuf> = Setting::new("data_dir", "LATCHHOOK_DATA_DIR", parse::path)
    .help("DIR", "Data directory; created if it doesn't exist")
    .or("latchhook-data");

/// Address on which the API listens.
pub const LISTEN: Setting<SocketAddr> = Setting::new("listen", "LATCHHOOK_LISTEN", parse::address)
    .help("ADDR:PORT", "Address on which the API listens")
    .or("127.0.0.1:8080");

/// Networks that deliveries may reach although they are not public.
pub const ALLOW_NETWORKS: Setting<AllowNetworks> = Setting::new(
    "allow_networks",
    "LATCHHOOK_ALLOW_NETWORKS",
    parse::networks,
)
.help(
    "CIDRS",
    "Networks that deliveries may reach although they are not public, such as 127.0.0.0/8,::1/128",
);

/// Name servers that are asked instead of the system's.
pub const NAME_SERVERS: Setting<NameServers> = Setting::new(
    "name_servers",
    "LATCHHOOK_NAME_SERVERS",
    parse::name_servers,
)
.help(
    "ADDRS",
    "Name servers that are asked instead of those of /etc/resolv.conf, such as 10.0.0.2,[fd00::2]:53",
);

/// Schedule of retries.
pub const RETRY_SCHEDULE: Setting<Schedule> =
    Setting::new("retry_schedule", "LATCHHOOK_RETRY_SCHEDULE", parse::schedule)
        .help("SCHEDULE", "Schedule of retries of a failed delivery: runs of COUNTxDURATION")
        .or("10x1m,24x1h");

/// Time limit of an attempt.
pub const DELIVERY_TIMEOUT: Setting<Duration> =
    Setting::new("delivery_timeout", "LATCHHOOK_DELIVERY_TIMEOUT", |text| {
        let (least, most) = (Duration::from_millis(100), Duration::from_mins(5));
        parse::duration(text, least..=most, "from 100ms to 5m")
    })
    .help("DURATION", "Time limit of an attempt")
    .or("15s");

/// Certificates, PEM, that deliveries trust besides the system's.
pub const EXTRA_CA_FILE: Setting<Vec<u8>> =
    Setting::new("extra_ca_file", "LATCHHOOK_EXTRA_CA_FILE", parse::certificates)
        .help("FILE", "Certificates (PEM) that deliveries trust besides the system's");

/// Header of the legacy signature.
pub const LEGACY_SIGNATURE_HEADER: Setting<HeaderName> = Setting::new(
    "legacy_signature_header",
    "LATCHHOOK_LEGACY_SIGNATURE_HEADER",
    parse::header,
)
.help(
    "NAME",
    "The header for the legacy signature, such as X-Checkr-Signature; without it, none is sent",
);

/// Choice to send `traceparent` with deliveries that are traced.
pub const SEND_TRACEPARENT: Setting<bool> =
    Setting::new("send_traceparent", "LATCHHOOK_SEND_TRACEPARENT", |text| {
        parse::one_of(text, &[("true", true), ("false", false)])
    })
    .help("BOOL", "true: deliveries that are traced carry traceparent, which receivers see")
    .or("false");

/// Level of the spans that are exported.
pub const TRACE_LEVEL: Setting<TraceLevel> =
    Setting::new("trace_level", "LATCHHOOK_TRACE_LEVEL", |text| {
        parse::one_of(text, &[("info", TraceLevel::Info), ("debug", TraceLevel::Debug)])
    })
    .help(
        "LEVEL",
        "Spans that are exported: info for requests and attempts, debug for each step too",
    )
    .or("info");

/// Jurisdictions that are distinguished.
pub const JURISDICTIONS: Setting<Jurisdictions> = Setting::new(
    "jurisdictions",
    "LATCHHOOK_JURISDICTIONS",
    jurisdictions::parse,
)
.help(
    "LIST",
    "Jurisdictions of events and webhooks, the usual one first: CODE=NAME with commas between, or none; with one or none nobody is asked",
)
.or("US=United States,CA=Canada");

/// Prefix of API keys.
pub const KEY_PREFIX: Setting<KeyPrefix> =
    Setting::new("key_prefix", "LATCHHOOK_KEY_PREFIX", parse::key_prefix)
        .help("PREFIX", "Prefix of API keys")
        .or("lh");

/// Retention time of logs.
pub const LOG_RETENTION: Setting<Duration> =
    Setting::new("log_retention", "LATCHHOOK_LOG_RETENTION", |text| {
        let (least, most) = (Duration::from_secs(1), Duration::from_hours(3650 * 24));
        parse::duration(text, least..=most, "from 1s to 3650d")
    })
    .help("DURATION", "Retention time of logs")
    .or("30d");

/// Number of requests that each API key may make in a minute.
pub const RATE_LIMIT: Setting<u32> =
    Setting::new("rate_limit", "LATCHHOOK_RATE_LIMIT", |text| parse::number(text, u32::MAX))
        .help("COUNT", "Requests that each API key may make in a minute")
        .or("1200");

/// Number of requests that may be made in each portal session in a minute.
pub const PORTAL_RATE_LIMIT: Setting<u32> =
    Setting::new("portal_rate_limit", "LATCHHOOK_PORTAL_RATE_LIMIT", |text| {
        parse::number(text, u32::MAX)
    })
    .help("COUNT", "Requests that may be made in each portal session in a minute")
    .or("1200");

/// Number of requests that may be made with an account's keys and portal sessions in a minute.
pub const ACCOUNT_RATE_LIMIT: Setting<u32> =
    Setting::new("account_rate_limit", "LATCHHOOK_ACCOUNT_RATE_LIMIT", |text| {
        parse::number(text, u32::MAX)
    })
    .help(
        "COUNT",
        "Requests that may be made with all keys and portal sessions of an account in a minute",
    )
    .or("6000");

/// Number of API keys that work in each environment of an account.
pub const KEY_QUOTA: Setting<u32> =
    Setting::new("key_quota", "LATCHHOOK_KEY_QUOTA", |text| parse::number(text, u32::MAX))
        .help(
            "COUNT",
            "API keys that an account may have in each environment, expired ones not counted",
        )
        .or("1000");

/// Number of portal sessions of an account that may be open.
pub const PORTAL_SESSION_QUOTA: Setting<u32> =
    Setting::new("portal_session_quota", "LATCHHOOK_PORTAL_SESSION_QUOTA", |text| {
        parse::number(text, 1000)
    })
    .help("COUNT", "Portal sessions of an account that may be open at once")
    .or("50");

/// Bytes of log rows that are kept of each account's day.
pub const LOG_QUOTA: Setting<u64> = Setting::new("log_quota", "LATCHHOOK_LOG_QUOTA", parse::size)
    .help("SIZE", "Log rows that are kept of each account in a day; more are counted, not kept")
    .or("256MiB");

/// Number of pings that may be sent to a webhook in a minute.
pub const PING_LIMIT: Setting<u32> =
    Setting::new("ping_limit", "LATCHHOOK_PING_LIMIT", |text| parse::number(text, u32::MAX))
        .help("COUNT", "Pings that may be sent to each webhook in a minute")
        .or("60");

/// Number of resends that may be asked for a webhook in a minute.
pub const RESEND_LIMIT: Setting<u32> =
    Setting::new("resend_limit", "LATCHHOOK_RESEND_LIMIT", |text| parse::number(text, u32::MAX))
        .help("COUNT", "Resends that may be asked for each webhook in a minute")
        .or("600");

/// Number of changes that an account may make to its settings in a day.
pub const CHANGE_LIMIT: Setting<u32> =
    Setting::new("change_limit", "LATCHHOOK_CHANGE_LIMIT", |text| parse::number(text, u32::MAX))
        .help(
            "COUNT",
            "Changes that each account may make to its settings in a day, and portal sessions that \
             may be opened for it",
        )
        .or("10000");

/// Number of the operator's failed sign-ins from an address in a minute.
pub const SIGN_IN_LIMIT: Setting<u32> =
    Setting::new("sign_in_limit", "LATCHHOOK_SIGN_IN_LIMIT", |text| parse::number(text, u32::MAX))
        .help("COUNT", "Failed sign-ins at the operator's pages from each address in a minute")
        .or("20");

/// Base of the addresses of portal sessions, without a slash at the end.
pub const PUBLIC_URL: Setting<String> =
    Setting::new("public_url", "LATCHHOOK_PUBLIC_URL", parse::base_url).help(
        "URL",
        "Base URL of portal session links, such as https://hooks.example.com; without it, the address listened on",
    );

/// Sites that may show the dashboard in a frame.
pub const FRAME_ANCESTORS: Setting<Vec<String>> =
    Setting::new("frame_ancestors", "LATCHHOOK_FRAME_ANCESTORS", parse::sites).help(
        "SITES",
        "Sites that may show the dashboard in a frame, such as https://app.example.com; without any, none may",
    );

/// Filter of log lines.
pub const LOG: Setting<String> = Setting::new("log", "LATCHHOOK_LOG", parse::log_filter)
    .help(
        "FILTER",
        "Log lines to write: error, warn, info, debug, trace, or a filter such as info,latchhook=debug",
    )
    .or("info");

/// Filter of log lines without spans and fields, because their code would make a Lambda function
/// start more slowly.
pub const LOG_TARGETS: Setting<Targets> = LOG.understood_by(parse::log_targets);

/// Format of log lines; by default text on a terminal and JSON elsewhere.
pub const LOG_FORMAT: Setting<LogFormat> =
    Setting::new("log_format", "LATCHHOOK_LOG_FORMAT", |text| {
        parse::one_of(text, &[("human", LogFormat::Human), ("json", LogFormat::Json)])
    })
    .help(
        "FORMAT",
        "Format of log lines: human or json; without it, human on a terminal and json elsewhere",
    );

/// Address of SNS that is used instead of its region's.
pub const SNS_ENDPOINT: Setting<Url> =
    Setting::new("sns_endpoint", "AWS_ENDPOINT_URL_SNS", parse::http_url)
        .help("URL", "Address of SNS to use instead of its region's own");

/// Number of free bytes on the disk below which log rows are dropped.
pub const MIN_FREE_SPACE: Setting<u64> =
    Setting::new("min_free_space", "LATCHHOOK_MIN_FREE_SPACE", parse::size_or_none)
        .help(
            "SIZE",
            "Free disk space below which log rows are dropped and counted; below a quarter of it nothing new is accepted. 0 watches nothing",
        )
        .or("256MiB");

/// Number of first attempts that may run at once.
pub const CONCURRENCY: Setting<usize> =
    Setting::new("concurrency", "LATCHHOOK_CONCURRENCY", |text| parse::count(text, MOST_WORKERS))
        .help("COUNT", "First attempts that may run at once")
        .or("1024");

/// Number of retries that may run at once.
pub const RETRY_CONCURRENCY: Setting<usize> =
    Setting::new("retry_concurrency", "LATCHHOOK_RETRY_CONCURRENCY", |text| {
        parse::count(text, MOST_WORKERS)
    })
    .help(
        "COUNT",
        "Retries that may run at once; counted separately from first attempts, so that neither delays the other",
    )
    .or("256");

/// Number of attempts that may run at once to one webhook.
pub const ENDPOINT_CONCURRENCY: Setting<usize> =
    Setting::new("endpoint_concurrency", "LATCHHOOK_ENDPOINT_CONCURRENCY", |text| {
        parse::count(text, MOST_WORKERS)
    })
    .help(
        "COUNT",
        "Attempts that may run at once to one webhook; a hanging receiver can occupy no more",
    )
    .or("64");

/// Longest time until the first byte of a connection, and from then on for a request's head.
pub const HEAD_TIMEOUT: Setting<Duration> =
    Setting::new("head_timeout", "LATCHHOOK_HEAD_TIMEOUT", client_timeout)
        .help("DURATION", "Time that a client has to begin, and then for a request's head")
        .or("10s");

/// Longest time for a request's whole body.
pub const BODY_TIMEOUT: Setting<Duration> =
    Setting::new("body_timeout", "LATCHHOOK_BODY_TIMEOUT", client_timeout)
        .help("DURATION", "Time that a client has for a request's whole body")
        .or("30s");

/// Longest time in which a client takes a whole answer.
pub const ANSWER_TIMEOUT: Setting<Duration> =
    Setting::new("answer_timeout", "LATCHHOOK_ANSWER_TIMEOUT", client_timeout)
        .help("DURATION", "Time that a client has to read a whole answer")
        .or("60s");

/// Longest time for which a connection without a request is kept.
pub const IDLE_TIMEOUT: Setting<Duration> =
    Setting::new("idle_timeout", "LATCHHOOK_IDLE_TIMEOUT", client_timeout)
        .help("DURATION", "Time for which a connection without a request is kept")
        .or("75s");

/// Number of connections that clients may have open at once.
pub const MAX_CONNECTIONS: Setting<usize> = Setting::new(
    "max_connections",
    "LATCHHOOK_MAX_CONNECTIONS",
    |text| parse::count(text, MOST_CONNECTIONS),
)
.help(
    "COUNT",
    "Connections that clients may have open at once; fewer if the process may open too few files",
)
.or("4096");

/// Memory for the bodies of requests under way, in MiB.
pub const BODY_MEMORY: Setting<usize> =
    Setting::new("body_memory", "LATCHHOOK_BODY_MEMORY", |text| {
        parse::count(text, MOST_BODY_MEMORY)
    })
    .help(
        "MIB",
        "Memory for the bodies of requests under way, in MiB; one caller gets a quarter at most",
    )
    .or("128");

/// Table of event streams.
pub const EVENTS_TABLE: Setting<String> =
    Setting::new("events_table", "LATCHHOOK_EVENTS_TABLE", parse::text);

/// Table of documents.
pub const VIEWS_TABLE: Setting<String> =
    Setting::new("views_table", "LATCHHOOK_VIEWS_TABLE", parse::text);

/// URL of the queue of first attempts.
pub const DELIVERIES_QUEUE: Setting<String> =
    Setting::new("deliveries_queue", "LATCHHOOK_DELIVERIES_QUEUE", parse::text);

/// URL of the queue of retries within a hop.
pub const RETRY_MINUTES_QUEUE: Setting<String> =
    Setting::new("retry_minutes_queue", "LATCHHOOK_RETRY_MINUTES_QUEUE", parse::text);

/// URL of the queue of retries beyond a hop.
pub const RETRY_HOURS_QUEUE: Setting<String> =
    Setting::new("retry_hours_queue", "LATCHHOOK_RETRY_HOURS_QUEUE", parse::text);

/// Longest time that one message waits in a queue; SQS allows no more.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>
pub const HOP_LIMIT: Setting<Duration> = Setting::new("hop_limit", "LATCHHOOK_HOP_LIMIT", |text| {
    let (least, most) = (Duration::from_secs(1), Duration::from_mins(15));
    parse::duration(text, least..=most, "from 1s to 15m")
});

/// Place where secrets are kept.
pub const VAULT: Setting<VaultKind> = Setting::new("vault", "LATCHHOOK_VAULT", |text| {
    let kinds = [
        ("secrets-manager", VaultKind::SecretsManager),
        ("sealed", VaultKind::Sealed),
        ("both", VaultKind::Both),
    ];
    parse::one_of(text, &kinds)
});

/// Stack that a function belongs to, which the names of all its secrets begin with.
pub const STACK: Setting<String> = Setting::new("stack", "LATCHHOOK_STACK", parse::text);

/// ARN of the KMS key that secrets are encrypted under, instead of Secrets Manager's own.
pub const KMS_KEY: Setting<String> = Setting::new("kms_key", "LATCHHOOK_KMS_KEY", parse::text);

/// Address of X-Ray's daemon beside a function, which Lambda sets; none if it is no address.
pub const XRAY_DAEMON: Setting<Option<SocketAddr>> =
    Setting::new("xray_daemon", "AWS_XRAY_DAEMON_ADDRESS", |text| Ok(text.parse().ok()));

/// Parses a time limit of clients.
fn client_timeout(text: &str) -> Result<Duration, String> {
    let (least, most) = (Duration::from_millis(100), Duration::from_hours(1));
    parse::duration(text, least..=most, "from 100ms to 1h")
}
