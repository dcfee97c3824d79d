//! Moving of secrets from one vault to another while both are in use.
//!
//! Every secret that a document names is kept in the new vault as well, by a commit that fails if the
//! document has changed since: nobody may have let the secret go meanwhile. So this can be stopped, and begun
//! again, anywhere, and what is done already is passed over. The old vault's are forgotten when nobody reads
//! them any more.

use std::{collections::BTreeSet, sync::Mutex};

use domain::{Environment, account::Account, id::AccountId, key::ApiKey, webhook::Webhook};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ports::{
    Commit, Vault,
    store::{Collection, Condition, Key, Order, Partition, Query, Range, Scope, Write},
    vault::{SecretName, SecretPurpose, VaultError},
};

use super::{
    loose::{self, Which},
    sweep::Owner,
};
use crate::{
    App, Backend,
    documents::state,
    problem::Problem,
    resealing::page,
    views::{Versioned, collections},
};

/// Number of things whose secrets are copied at once: a secrets manager takes about 50 new ones a second.
const AT_ONCE: usize = 8;
/// Number of times that a secret is copied whose document keeps changing.
const MOST_TRIES: usize = 10;
/// Rows read at a time.
const CHUNK: usize = 100;

/// Outcome of copying secrets.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Number of secrets that were copied.
    pub copied: u64,
    /// Number of secrets that were there already.
    pub there: u64,
    /// Secrets that are needed and in neither vault, each by its account and purpose.
    pub missing: BTreeSet<String>,
    /// Number of secrets whose documents kept changing: another pass copies them.
    pub left: u64,
}

/// Outcome of forgetting the secrets that a vault no longer needs.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// Number of secrets that were forgotten.
    pub forgotten: u64,
    /// Secrets that are needed and only there, each by its account and purpose. They stay.
    pub only_there: BTreeSet<String>,
    /// True if secrets are moved again, and the rest was left for that.
    pub is_stopped: bool,
}

impl App {
    /// Copies every secret that a document names `from` one vault `to` another, unless that has it. The vault
    /// of this application reads from both, and keeps new secrets in the second.
    ///
    /// # Errors
    /// When the backend is unavailable. What was copied until then stays copied.
    pub async fn copy_secrets(&self, from: &dyn Vault, to: &dyn Vault) -> Result<Copied, Problem> {
        let copying = Copying { backend: &self.backend, from, to, done: Mutex::default() };
        let mut place = None;
        while let Some(accounts) = self.accounts(&mut place).await? {
            for account in accounts {
                for environment in Environment::ALL {
                    copying.all::<ApiKey>(collections::api_keys(account, *environment)).await?;
                    copying.all::<Webhook>(collections::webhooks(account, *environment)).await?;
                }
            }
        }
        Ok(copying.done.into_inner().unwrap_or_default())
    }

    /// Forgets the secrets that are sealed in `collection` and are kept `apart`, or that nothing names, for as
    /// long as the condition `unmoved` holds: that secrets are not moved back meanwhile. Publishable keys stay.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn forget_sealed(
        &self,
        collection: Collection,
        apart: &dyn Vault,
        unmoved: &Write,
    ) -> Result<Forgotten, Problem> {
        let (named, mut done) = (self.named_secrets().await?, Forgotten::default());
        let mut place = None;
        while let Some(accounts) = self.accounts(&mut place).await? {
            for account in accounts {
                let partition = Partition::new(Scope::Account(account), collection, "");
                let mut range = Range::default();
                loop {
                    let (partition, range_now) = (partition.clone(), range.clone());
                    let query = Query {
                        partition,
                        index: false,
                        range: range_now,
                        order: Order::Ascending,
                        limit: CHUNK,
                    };
                    let rows = self.backend.store.query(&query).await?;
                    let Some(last) = rows.last() else { break };
                    range.from = Some(format!("{}\0", last.sort));
                    let purposes = rows.iter().map(|row| row.sort.parse::<SecretPurpose>().ok());
                    let purposes: Vec<Option<SecretPurpose>> = purposes.collect();
                    // Read after the rows: a key is there with its row, or not yet.
                    let publishable = self.publishable(account, purposes.iter().flatten()).await?;
                    for (row, purpose) in rows.iter().zip(purposes) {
                        let Some(purpose) = purpose else { continue };
                        let name = SecretName { account, purpose };
                        let text = Which::One(name).to_string();
                        if publishable.contains(&text) {
                            continue;
                        }
                        let is_needed = named.needed.contains(&text);
                        if is_needed && !is_kept(apart, name).await? {
                            done.only_there.insert(text);
                            continue;
                        }
                        let key = row.document.key.clone();
                        let condition = Condition::Revision(row.document.revision);
                        let forget = vec![unmoved.clone(), Write::Delete { key, condition }];
                        if loose::commit(&self.backend, forget).await? {
                            done.forgotten += 1;
                        } else if !loose::commit(&self.backend, vec![unmoved.clone()]).await? {
                            return Ok(Forgotten { is_stopped: true, ..done });
                        }
                    }
                }
            }
        }
        Ok(done)
    }

    /// Returns the texts of those of an account's keys that are publishable, which are in the tables with
    /// either vault.
    async fn publishable(
        &self,
        account: AccountId,
        purposes: impl Iterator<Item = &SecretPurpose>,
    ) -> Result<BTreeSet<String>, Problem> {
        let (store, mut found) = (&*self.backend.store, BTreeSet::new());
        let ids = purposes.filter_map(|purpose| match purpose {
            SecretPurpose::ApiKey(id) => Some(id),
            _ => None,
        });
        let of = |id| {
            Environment::ALL.iter().map(move |env| collections::api_keys(account, *env).key(id))
        };
        let keys: Vec<Key> = ids.flat_map(of).collect();
        for document in store.get(&keys).await?.into_iter().flatten() {
            let Some(key) = state::<ApiKey>(store, &document).await? else { continue };
            let names = crate::views::View::secrets(&key.state).into_iter();
            let names = names.filter(|name| !name.purpose.is_secret());
            found.extend(names.map(|name| Which::One(name).to_string()));
        }
        Ok(found)
    }

    /// Returns the next open accounts, from `place` on, which is moved behind them.
    async fn accounts(
        &self,
        place: &mut Option<String>,
    ) -> Result<Option<Vec<AccountId>>, Problem> {
        let store = &*self.backend.store;
        let accounts = page::<Account>(store, collections::accounts(), place).await?;
        Ok(accounts.map(|accounts| {
            let open = accounts.iter().filter(|account| !account.state.is_closed());
            open.map(|account| account.state.id).collect()
        }))
    }
}

/// Returns whether `vault` has a secret under `name`.
async fn is_kept(vault: &dyn Vault, name: SecretName) -> Result<bool, Problem> {
    match vault.reveal(name).await {
        Ok(_) => Ok(true),
        Err(VaultError::Gone) => Ok(false),
        Err(why) => Err(why.into()),
    }
}

/// One pass through everything.
struct Copying<'a> {
    backend: &'a Backend,
    from: &'a dyn Vault,
    to: &'a dyn Vault,
    done: Mutex<Copied>,
}

impl Copying<'_> {
    async fn all<S: Owner>(&self, partition: Partition) -> Result<(), Problem> {
        let mut from = None;
        let store = &*self.backend.store;
        while let Some(owners) = page::<S>(store, partition.clone(), &mut from).await? {
            let copied = stream::iter(owners).map(|owner| self.all_of(owner));
            copied.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        }
        Ok(())
    }

    async fn all_of<S: Owner>(&self, mut owner: Versioned<S>) -> Result<(), Problem> {
        for name in owner.state.secrets() {
            self.copy(name, &mut owner).await?;
        }
        Ok(())
    }

    /// Copies a secret of `owner`, which is read anew when it has changed.
    async fn copy<S: Owner>(
        &self,
        name: SecretName,
        owner: &mut Versioned<S>,
    ) -> Result<(), Problem> {
        if self.is_there(name).await? {
            self.count(|done| done.there += 1);
            return Ok(());
        }
        for _ in 0..MOST_TRIES {
            let is_needed = owner.state.needed(self.backend.now()).contains(&name);
            let secret = match self.from.reveal(name).await {
                Ok(secret) => secret,
                Err(VaultError::Gone) => {
                    let read = owner.revision;
                    let is_named = self.read_anew(owner, name).await?;
                    if !is_needed || !is_named {
                        return Ok(());
                    }
                    if owner.revision == read {
                        let text = Which::One(name).to_string();
                        self.count(|done| _ = done.missing.insert(text));
                        return Ok(());
                    }
                    continue;
                }
                Err(why) => return Err(why.into()),
            };
            let mut commit = Commit::default();
            match self.to.keep(name, &secret).await {
                Ok(writes) => commit.add(writes),
                // Its account was closed meanwhile.
                Err(VaultError::Gone) => return Ok(()),
                Err(why) => return Err(why.into()),
            }
            let condition = Condition::Revision(owner.revision);
            commit.add(vec![Write::Check { key: owner.state.key(), condition }]);
            if !is_needed {
                commit.add(vec![loose::not_destroyed(name)]);
            }
            if loose::commit_all(self.backend, commit).await? {
                self.count(|done| done.copied += 1);
                return Ok(());
            }
            // What has ended, and changes, is good for nothing.
            if !self.read_anew(owner, name).await? || !is_needed {
                return Ok(self.to.destroy(name).await?);
            }
        }
        self.count(|done| done.left += 1);
        Ok(())
    }

    /// Returns whether the new vault has the secret already. One that keeps secrets apart may have another
    /// of that name, from a process that died before its commit; what is sealed came with a commit.
    async fn is_there(&self, name: SecretName) -> Result<bool, Problem> {
        let there = match self.to.reveal(name).await {
            Ok(there) => there,
            Err(VaultError::Gone) => return Ok(false),
            Err(why) => return Err(why.into()),
        };
        if !self.to.keeps_apart() {
            return Ok(true);
        }
        match self.from.reveal(name).await {
            Ok(sealed) => Ok(sealed == there),
            Err(VaultError::Gone) => Ok(true),
            Err(why) => Err(why.into()),
        }
    }

    /// Reads `owner` anew; returns whether it is there and names the secret.
    async fn read_anew<S: Owner>(
        &self,
        owner: &mut Versioned<S>,
        name: SecretName,
    ) -> Result<bool, Problem> {
        let store = &*self.backend.store;
        let Some(document) = store.get(&[owner.state.key()]).await?.pop().flatten() else {
            return Ok(false);
        };
        let Some(read) = state::<S>(store, &document).await? else { return Ok(false) };
        *owner = read;
        Ok(owner.state.secrets().contains(&name))
    }

    fn count(&self, count: impl FnOnce(&mut Copied)) {
        count(&mut self.done.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}
