//! Origin of a request.

use std::net::IpAddr;

use domain::id::RequestId;
use ports::store::{Actor, ActorKind};

/// Origin of a request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Actor who asked.
    pub by: Actor,
    /// Identifier of the request; none when the system acts by itself.
    pub request: Option<RequestId>,
    /// IP address of the caller.
    pub ip: Option<IpAddr>,
}

impl Asked {
    /// Returns the origin of actions of Latchhook itself.
    #[must_use]
    pub const fn by_the_system() -> Self {
        Self {
            by: Actor { kind: ActorKind::System, id: None, name: None, person: None },
            request: None,
            ip: None,
        }
    }
}
