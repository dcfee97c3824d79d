//! Change of a key's settings.

use domain::{
    id::KeyId,
    key::{Command, Metadata, Network, Scope, Settings},
    limits::OwnRate,
};

use super::shown::{Shown, find, shown};
use crate::{
    auth::Access,
    resources::key_scopes::check_scopes,
    work::{Answered, Reply, Work, no_refusal},
};

/// Change of the settings of a key; none of those that are none.
#[expect(clippy::option_option, reason = "absent and null differ")]
#[derive(Debug, Default)]
pub(crate) struct Change {
    pub(super) name: Option<Option<String>>,
    pub(super) scopes: Option<Option<Vec<Scope>>>,
    pub(super) allowed_networks: Option<Option<Vec<Network>>>,
    pub(super) metadata: Option<Metadata>,
    pub(super) rate_limit: Option<Option<OwnRate>>,
}

impl Change {
    /// Returns the settings `before` with the change.
    fn of(&self, before: &Settings) -> Settings {
        Settings {
            name: self.name.clone().unwrap_or_else(|| before.name.clone()),
            scopes: self.scopes.clone().unwrap_or_else(|| before.scopes.clone()),
            allowed_networks: self
                .allowed_networks
                .clone()
                .unwrap_or_else(|| before.allowed_networks.clone()),
            metadata: self.metadata.clone().unwrap_or_else(|| before.metadata.clone()),
            rate_limit: self.rate_limit.unwrap_or(before.rate_limit),
        }
    }
}

/// Changes the settings of the key `id`.
pub(crate) async fn update(
    work: &Work,
    access: &Access,
    id: KeyId,
    change: Change,
    answer: impl Fn(Shown) -> Reply,
) -> Answered {
    let (wanted, answer) = (&change, &answer);
    work.run(|work| async move {
        let key = find(&work, access, id).await?;
        if let Some(Some(scopes)) = &wanted.scopes {
            check_scopes(&work.backend, || "scopes", scopes).await?;
        }
        let settings = wanted.of(&key.state.settings);
        let change = work.change(Some(key), Command::Update(settings))?;
        let reply = answer(shown(&work.backend, change.after.state, work.now).await?);
        work.commit(change.commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}
