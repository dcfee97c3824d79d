//! Checks of input that several use cases make.

use std::{borrow::Cow, time::Duration};

use domain::{Timestamp, redaction};

use crate::problem::Problem;

/// Maximum time that the clock of whoever reports something may be ahead of ours.
const CLOCKS_DIFFER: Duration = Duration::from_mins(5);

/// Sentence about a text that contains a secret.
pub(crate) const NO_SECRET: &str = "must not contain an API key or another secret";

/// Refuses `text`, the value of `param`, if it contains a secret; it is stored unmasked.
pub(crate) fn check_no_secret(param: &'static str, text: &str) -> Result<(), Problem> {
    if redaction::has_secret(text) { Err(Problem::invalid(param, NO_SECRET)) } else { Ok(()) }
}

/// Refuses a number that is not an HTTP status.
pub(crate) fn check_status(
    param: impl Into<Cow<'static, str>>,
    status: u16,
) -> Result<(), Problem> {
    let is_status = (100..=599).contains(&status);
    if is_status { Ok(()) } else { Err(Problem::invalid(param, "must be 100 to 599")) }
}

/// Refuses a time `at` which something happened that is further ahead of `now` than clocks differ.
pub(crate) fn check_past(
    param: impl Into<Cow<'static, str>>,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Problem> {
    if at > now.plus(CLOCKS_DIFFER) {
        return Err(Problem::invalid(param, "must not be in the future"));
    }
    Ok(())
}
