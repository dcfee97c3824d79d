//! Secrets and commits: a vault that keeps secrets apart from the store agrees with what is
//! committed.
//!
//! A secret is made once its command is decided and would be committed as far as can be read
//! (`commit`), and destroyed after the commit that lets it go. Around that a document stands in
//! the store for each secret that no other document names (`loose`): put before the secret is
//! made, removed by the commit that names it, put again by the commit that lets it go, and removed
//! once the secret is destroyed. Whatever dies or fails in between, the document stays, and the
//! `sweep` finishes the work; no list of the vault's secrets is needed for that, which would be
//! minutes old. [`reconcile`] goes through everything, after a restore.
//!
//! A vault that seals into the store needs none of this: its secrets are part of the commit.

mod commit;
mod header_values;
mod loose;
mod moving;
pub mod reconcile;
mod reveal;
mod sweep;

#[cfg(test)]
pub(crate) use self::loose::Loose;
pub(crate) use self::{
    commit::Secrets, header_values::HeaderValues, loose::close, reveal::reveal_all,
};
pub use self::{
    moving::{Copied, Forgotten},
    reveal::Revealed,
    sweep::Swept,
};
