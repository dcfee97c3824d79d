//! Parser of `Retry-After` (RFC 9110, section 10.2.3).

use std::time::{Duration, UNIX_EPOCH};

use domain::Timestamp;

use super::header::Header;

/// Returns the number of seconds after `now` for which the receiver asks to wait; zero for a date
/// in the past.
pub(super) fn seconds(headers: &[Header], now: Timestamp) -> Option<u32> {
    let header = headers.iter().find(|header| header.name == "retry-after")?;
    let text = std::str::from_utf8(&header.value).ok()?.trim();
    if !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit()) {
        return Some(text.parse().unwrap_or(u32::MAX));
    }
    let at = httpdate::parse_http_date(text).ok()?;
    let now = UNIX_EPOCH + Duration::from_secs(u64::try_from(now.as_seconds()).unwrap_or(0));
    let wait = at.duration_since(now).unwrap_or_default();
    Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX))
}
