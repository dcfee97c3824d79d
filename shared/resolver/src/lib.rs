//! DNS resolver: hickory's, with look-ups bounded by account.
//!
//! The system's resolver blocks a thread for as long as a name server is silent, and there are 512
//! threads for everything: one account could block them all with names that no server answers for.
//! It also tries a name inside the machine's search domains, so that a customer's host can become
//! one of the operator's. Look-ups in this crate are asynchronous, can be cancelled, and treat
//! every name as absolute.
//!
//! [`DnsResolver`] is [`Resolve`](ports::Resolve). Each [`Asker`](ports::resolve::Asker) has a
//! hickory resolver of its own, so that nothing it shares among those who ask it (its cache, its
//! connections, its record of how fast a server answers) is shared between accounts, and a bounded
//! number of look-ups under way (`turns`).
//!
//! Walk-through: `DnsResolver::resolve` → `files` for name servers and the hosts file → the look-up
//! of the same name that is under way, or a new one → `turns` → `families` asks for the
//! addresses of both families → `servers` asks one name server after another through hickory.

mod families;
mod files;
mod name_servers;
mod resolver;
mod servers;

pub use files::Source;
pub use name_servers::{NameServers, NotANameServer};
pub use resolver::DnsResolver;
