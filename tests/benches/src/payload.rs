//! Event that is posted: a realistic one that carries its sending time and its number.

use crate::wire;

/// Mark in an event's object: the time at which its `POST` was written (nanoseconds) and its
/// number. It has a fixed width, so that it can be overwritten in a formatted request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Nanoseconds since the Unix epoch.
    pub(crate) sent: u64,
    /// Number of the event within a run.
    pub(crate) number: u32,
}

const START: &[u8] = b"bench-";
const EMPTY: &str = "bench-0000000000000000000-0000000000";
const SENT_LEN: usize = 19;
const NUMBER_LEN: usize = 10;

impl Mark {
    /// Overwrites the mark at `at`.
    pub(crate) fn write(self, request: &mut [u8], at: usize) {
        let sent = at + START.len();
        let number = sent + SENT_LEN + 1;
        digits(&mut request[sent..sent + SENT_LEN], self.sent);
        digits(&mut request[number..number + NUMBER_LEN], u64::from(self.number));
    }

    /// Reads the mark of a delivered event.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let sent = place(body)? + START.len();
        let number = sent + SENT_LEN + 1;
        let text = |at: usize, length| std::str::from_utf8(body.get(at..at + length)?).ok();
        Some(Self {
            sent: text(sent, SENT_LEN)?.parse().ok()?,
            number: text(number, NUMBER_LEN)?.parse().ok()?,
        })
    }
}

/// Position of the mark in a request.
pub(crate) fn place(request: &[u8]) -> Option<usize> {
    wire::position(request, START)
}

fn digits(to: &mut [u8], mut number: u64) {
    for digit in to.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
}

/// Builds a whole request, on `account` or on none; `asked` is its method and path.
pub(crate) fn request(asked: &str, token: &str, account: Option<&str>, body: &str) -> String {
    let account = account.map(|id| format!("latchhook-account: {id}\r\n")).unwrap_or_default();
    format!(
        "{asked} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n{account}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Builds an event whose text is that many bytes longer than the usual one's.
pub(crate) fn event_with(more: usize) -> String {
    event().replace("\"driver\"", &format!("\"driver{}\"", "x".repeat(more)))
}

/// Builds the event that is posted: about 800 bytes.
pub(crate) fn event() -> String {
    format!(
        r#"{{"type":"report.completed","environment":"test","data":{{"object":{{"id":"{EMPTY}","object":"report","uri":"/v1/reports/4722c07dd9a10c3985ae432a","status":"clear","result":"clear","adjudication":null,"assessment":"eligible","package":"driver_pro","created_at":"2026-01-18T12:34:00Z","completed_at":"2026-01-18T14:24:10Z","revised_at":null,"turnaround_time":6610,"candidate_id":"e44aa283528e6fde7d542194","ssn_trace_id":"539fd88c101897f7cd000001","sex_offender_search_id":"539fd88c101897f7cd000008","national_criminal_search_id":"539fd88c101897f7cd000006","county_criminal_search_ids":["539fdcf335644a0ef4000001","532e71cfe88a1d4e8d00000i"],"motor_vehicle_report_id":"539fd88c101897f7cd000007","tags":["driver","west"],"estimated_completion_time":"2026-01-18T15:00:00Z"}}}}}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_written_into_a_request_is_read_from_it() {
        let mut request = request("POST /v1/events", "t", Some("a"), &event()).into_bytes();
        let mark = Mark { sent: 1_764_000_000_123_456_789, number: 4_000_000_001 };
        let length = request.len();
        let at = place(&request).unwrap();
        mark.write(&mut request, at);
        assert_eq!((Mark::read(&request), request.len()), (Some(mark), length));
        let body = wire::position(&request, b"\r\n\r\n").unwrap() + 4;
        assert!(serde_json::from_slice::<serde_json::Value>(&request[body..]).is_ok());
    }

    #[test]
    fn a_body_without_a_mark_has_none() {
        assert_eq!(Mark::read(b"{\"id\":\"evt_1\"}"), None);
        assert_eq!(Mark::read(b"bench-12"), None);
    }
}
