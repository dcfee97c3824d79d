//! Comparison of the vault's secrets with what the documents name, after a restore of either.

use std::collections::BTreeSet;

use domain::account::Account;
use ports::{
    store::{Order, Query, Range},
    vault::SecretName,
};

use super::{
    loose::{Which, read_row},
    sweep::needed_by,
};
use crate::{App, problem::Problem, resealing::page, views::collections};

/// Secrets by the documents, each by its account and purpose: `acct_…/wh_…/signing-secret/1`.
#[derive(Debug, Default)]
pub struct Named {
    /// Secrets that must be there.
    pub needed: BTreeSet<String>,
    /// Secrets that may be there: for a moment, until the sweep destroys them, and publishable keys, which
    /// were kept like secrets once.
    pub loose: BTreeSet<String>,
}

/// Returns the text by which a secret is compared.
#[must_use]
pub fn text(name: SecretName) -> String {
    Which::One(name).to_string()
}

impl App {
    /// Returns every secret that a document names, of all open accounts.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    pub async fn named_secrets(&self) -> Result<Named, Problem> {
        let (store, now) = (&*self.backend.store, self.backend.now());
        let mut named = Named::default();
        let mut from = None;
        while let Some(some) = page::<Account>(store, collections::accounts(), &mut from).await? {
            for account in some.iter().filter(|account| !account.state.is_closed()) {
                let needed = needed_by(&self.backend, account.state.id, now).await?;
                for name in needed {
                    let is_secret = name.purpose.is_secret();
                    let of = if is_secret { &mut named.needed } else { &mut named.loose };
                    of.insert(text(name));
                }
            }
        }
        let mut query = Query {
            partition: collections::loose_secrets_by_due(),
            index: true,
            range: Range::default(),
            order: Order::Ascending,
            limit: 100,
        };
        loop {
            let rows = store.query(&query).await?;
            let Some(last) = rows.last() else { return Ok(named) };
            query.range.from = Some(format!("{}\0", last.sort));
            for row in &rows {
                let (_, which) = read_row(row)?;
                named.loose.insert(which.to_string());
            }
        }
    }
}
