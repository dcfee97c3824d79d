//! Settings of the operator: their own access, and what they are told.

use std::time::Duration;

use domain::Secret;

use crate::{parse, setting::Setting};

/// Operator's token; without one the server makes its own on its first start.
pub const OPERATOR_TOKEN: Setting<Secret> =
    Setting::new("operator_token", "LATCHHOOK_OPERATOR_TOKEN", parse::operator_token).help(
        "TOKEN",
        "The operator's token, lhop_ and at least 32 letters or digits; without it, one is created on the first start and printed once",
    );

/// Choice to let the root token in; without it, only tokens with a name and scopes are.
pub const ROOT_TOKEN: Setting<bool> = Setting::new("root_token", "LATCHHOOK_ROOT_TOKEN", |text| {
    parse::one_of(text, &[("on", true), ("off", false)])
})
.help("on|off", "off: the operator's token opens nothing, only those of `operator-tokens` do")
.or("on");

/// Time after which the operator is told that a webhook fails everything.
pub const FAILING_AFTER: Setting<Duration> =
    Setting::new("failing_after", "LATCHHOOK_FAILING_AFTER", |text| {
        let (least, most) = (Duration::from_secs(1), Duration::from_hours(60 * 24));
        parse::duration(text, least..=most, "from 1s to 60d")
    })
    .help("DURATION", "Time for which a webhook fails everything until webhook.failing tells of it")
    .or("1h");

/// Number of attempts that have to fail in that time.
pub const FAILING_ATTEMPTS: Setting<u32> =
    Setting::new("failing_attempts", "LATCHHOOK_FAILING_ATTEMPTS", |text| {
        parse::number(text, 1_000_000)
    })
    .help("COUNT", "Attempts that have to fail in that time, at least")
    .or("10");
