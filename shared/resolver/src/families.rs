//! Look-up of one name's addresses, of both families.

use std::{pin::pin, time::Duration};

use futures_util::future::{Either, select};
use hickory_resolver::proto::rr::{Name, RecordType};
use ports::{Clock, resolve::Unresolved};

use crate::servers::{Family, Servers};

/// Time for which the other family is still waited for once one has addresses: the resolution delay
/// of RFC 8305, section 3.
const OTHER_FAMILY: Duration = Duration::from_millis(50);

/// Returns the addresses of `name`, of both families, IPv6 first (RFC 8305, section 4). A family
/// that gets no answer delays the other only briefly.
pub(crate) async fn addresses(servers: &Servers, name: &Name, clock: &dyn Clock) -> Family {
    let v6 = pin!(servers.ask(name, RecordType::AAAA, clock));
    let v4 = pin!(servers.ask(name, RecordType::A, clock));
    match select(v6, v4).await {
        Either::Left((v6, v4)) => {
            let v4 = other(&v6, v4, clock).await;
            both(v6, v4)
        }
        Either::Right((v4, v6)) => {
            let v6 = other(&v4, v6, clock).await;
            both(v6, v4)
        }
    }
}

/// Returns the other family's answer, once `first` is there.
async fn other(first: &Family, other: impl Future<Output = Family>, clock: &dyn Clock) -> Family {
    if first.is_err() {
        return other.await;
    }
    tokio::select! {
        biased;
        answer = other => answer,
        () = clock.sleep(OTHER_FAMILY) => Err(Unresolved::NoAnswer),
    }
}

fn both(v6: Family, v4: Family) -> Family {
    match (v6, v4) {
        (Ok(v6), Ok(v4)) => Ok([v6, v4].concat()),
        (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
        (Err(Unresolved::NoAddress), Err(Unresolved::NoAddress)) => Err(Unresolved::NoAddress),
        (Err(Unresolved::OutOfSockets), _) | (_, Err(Unresolved::OutOfSockets)) => {
            Err(Unresolved::OutOfSockets)
        }
        (Err(_), Err(_)) => Err(Unresolved::NoAnswer),
    }
}
