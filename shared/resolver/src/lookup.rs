//! One name to its addresses, of both families.

use std::{net::IpAddr, pin::pin, time::Duration};

use futures_util::future::{Either, select};
use hickory_proto::rr::Name;
use ports::resolve::Unresolved;

use crate::{
    message::{Answer, Family, Question},
    servers::Servers,
};

/// How much longer the other family is waited for once one has addresses, or the name is known not
/// to be there. RFC 8305, section 3, says 50 ms where a person waits for a page; a delivery can
/// rather wait for a name server on another continent, and it waits once in a time to live.
const OTHER_FAMILY: Duration = Duration::from_millis(250);

/// Names that are asked about because one stands for the next.
const MOST_ALIASES: usize = 8;

/// Seconds that an answer holds at most while the other family's is missing.
const INCOMPLETE_TTL: u32 = 30;

/// What came of a look-up, and for how many seconds it holds at most; none where nobody said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) addresses: Result<Vec<IpAddr>, Unresolved>,
    pub(crate) ttl: Option<u32>,
}

/// What one family's question came to; none if it was not waited for.
type Side = Option<Result<Answer, Unresolved>>;

/// Asks for the addresses of `name`, of both families at once, IPv6 first in the result (RFC 8305,
/// section 4). A family whose answer does not come holds the other up only briefly.
pub(crate) async fn both_families(servers: &Servers<'_>, name: &Name) -> Found {
    let v6 = pin!(family(servers, name, Family::V6));
    let v4 = pin!(family(servers, name, Family::V4));
    match select(v6, v4).await {
        Either::Left((v6, v4)) => {
            let v4 = other(servers, &v6, v4).await;
            combined(Some(v6), v4)
        }
        Either::Right((v4, v6)) => {
            let v6 = other(servers, &v4, v6).await;
            combined(v6, Some(v4))
        }
    }
}

/// The other family's answer, once `first` is there.
async fn other(
    servers: &Servers<'_>,
    first: &Result<Answer, Unresolved>,
    other: impl Future<Output = Result<Answer, Unresolved>>,
) -> Side {
    if !matches!(first, Ok(Answer::Addresses(..) | Answer::NoSuchName(_))) {
        return Some(other.await);
    }
    tokio::select! {
        biased;
        answer = other => Some(answer),
        () = servers.clock.sleep(OTHER_FAMILY) => None,
    }
}

fn combined(v6: Side, v4: Side) -> Found {
    let sides = [v6, v4];
    let (mut addresses, mut ttl) = (vec![], u32::MAX);
    for side in &sides {
        if let Some(Ok(Answer::Addresses(found, its_ttl))) = side {
            addresses.extend(found);
            ttl = ttl.min(*its_ttl);
        }
    }
    if !addresses.is_empty() {
        let is_whole = sides.iter().all(|side| matches!(side, Some(Ok(_))));
        let ttl = if is_whole { ttl } else { ttl.min(INCOMPLETE_TTL) };
        return Found { addresses: Ok(addresses), ttl: Some(ttl) };
    }
    let is_missing = sides.iter().any(|side| matches!(side, Some(Ok(Answer::NoSuchName(_)))));
    let all_said = sides.iter().all(|side| matches!(side, Some(Ok(_))));
    if !is_missing && !all_said {
        return Found { addresses: Err(Unresolved::NoAnswer), ttl: None };
    }
    let ttl = sides.iter().filter_map(|side| match side {
        Some(Ok(Answer::NoAddress(ttl) | Answer::NoSuchName(ttl))) => *ttl,
        _ => None,
    });
    Found { addresses: Err(Unresolved::NoAddress), ttl: ttl.min() }
}

/// The addresses of one family, through whatever names `name` stands for.
async fn family(servers: &Servers<'_>, name: &Name, family: Family) -> Result<Answer, Unresolved> {
    let (mut name, mut holds) = (name.clone(), u32::MAX);
    for _ in 0..MOST_ALIASES {
        let question = Question { name, family };
        match servers.ask(&question).await? {
            Answer::Alias(target, ttl) => (name, holds) = (target, holds.min(ttl)),
            Answer::Addresses(addresses, ttl) => {
                return Ok(Answer::Addresses(addresses, holds.min(ttl)));
            }
            answer => return Ok(answer),
        }
    }
    Ok(Answer::NoAddress(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str, ttl: u32) -> Answer {
        Answer::Addresses(vec![text.parse().unwrap()], ttl)
    }

    fn found(text: &[&str], ttl: u32) -> Found {
        let addresses = text.iter().map(|text| text.parse().unwrap()).collect();
        Found { addresses: Ok(addresses), ttl: Some(ttl) }
    }

    const NOTHING: Side = Some(Ok(Answer::NoAddress(Some(60))));
    const NO_NAME: Side = Some(Ok(Answer::NoSuchName(Some(40))));
    const FAILED: Side = Some(Err(Unresolved::NoAnswer));

    #[test]
    fn ipv6_is_tried_first_and_the_shorter_time_to_live_counts() {
        let both =
            combined(Some(Ok(addresses("fd00::1", 90))), Some(Ok(addresses("10.0.0.1", 60))));
        assert_eq!(both, found(&["fd00::1", "10.0.0.1"], 60));
        assert_eq!(
            combined(NOTHING, Some(Ok(addresses("10.0.0.1", 600)))),
            found(&["10.0.0.1"], 600)
        );
        assert_eq!(
            combined(Some(Ok(addresses("fd00::1", 600))), NO_NAME),
            found(&["fd00::1"], 600)
        );
    }

    #[test]
    fn an_answer_without_the_other_familys_does_not_hold_for_long() {
        for missing in [FAILED, None] {
            let v4 = Some(Ok(addresses("10.0.0.1", 600)));
            assert_eq!(combined(missing, v4), found(&["10.0.0.1"], INCOMPLETE_TTL));
        }
        assert_eq!(combined(None, Some(Ok(addresses("10.0.0.1", 5)))), found(&["10.0.0.1"], 5));
    }

    #[test]
    fn no_address_is_told_apart_from_no_answer() {
        let nowhere = |ttl| Found { addresses: Err(Unresolved::NoAddress), ttl: Some(ttl) };
        let unknown = Found { addresses: Err(Unresolved::NoAnswer), ttl: None };
        assert_eq!(combined(NOTHING, NOTHING), nowhere(60));
        assert_eq!(combined(NO_NAME, NOTHING), nowhere(40));
        assert_eq!(combined(None, NO_NAME), nowhere(40));
        assert_eq!(combined(NO_NAME, FAILED), nowhere(40));
        assert_eq!(combined(NOTHING, FAILED), unknown);
        assert_eq!(combined(FAILED, FAILED), unknown);
    }
}
