//! Operational webhooks: those of the operator's own account.
//!
//! The telling itself is in [`operational`](crate::operational).

pub(super) mod http;
