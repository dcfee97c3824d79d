//! Names into addresses: a DNS client whose look-ups are bounded by account.
//!
//! The system's resolver blocks a thread for as long as a name server is silent, and there are 512
//! of those for everything: one account with names that nobody answers for would hold them all. It
//! also tries a name inside the machine's search domains, so that a customer's host can become one
//! of the operator's. This one is asynchronous, ends with the future that asked, and takes every
//! name as absolute.
//!
//! [`DnsResolver`] is [`Resolve`](ports::Resolve). It asks the name servers of `resolv.conf`, or those that the
//! operator has set, and knows the `hosts` file. What one [`Asker`](ports::resolve::Asker) can take is bounded
//! everywhere: look-ups under way ([`turns`]), answers that are remembered ([`cache`]); sockets
//! belong to one look-up, and nothing that is learnt about a name server from one look-up changes
//! another. So nothing here is shared that an account could use up or spoil.
//!
//! Walk-through: [`DnsResolver::resolve`] → [`files`] for the hosts file and the name servers →
//! [`cache`] → [`turns`] → [`lookup`] asks for both families and follows aliases → [`servers`]
//! tries the name servers → [`exchange`] sends one question by UDP or TCP → [`message`] writes and
//! reads DNS messages.

mod cache;
mod exchange;
mod files;
mod hosts;
mod lookup;
mod message;
mod resolv_conf;
mod resolver;
mod servers;
mod turns;

pub use files::Source;
pub use resolv_conf::{NameServers, NotANameServer};
pub use resolver::DnsResolver;
