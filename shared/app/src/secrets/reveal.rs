//! Revealing several secrets at once.

use domain::Secret;
use futures_util::{StreamExt as _, stream};
use ports::{
    Vault,
    vault::{SecretName, VaultError},
};

/// Largest number of secrets that one caller reveals at once. A secrets manager answers 10,000 such
/// calls a second to a whole account.
const AT_ONCE: usize = 16;

/// Secret, or the reason why it can't be revealed.
pub type Revealed = Result<Secret, VaultError>;

/// Reveals the secrets under `names`, in their order.
pub(crate) async fn reveal_all(vault: &dyn Vault, names: Vec<SecretName>) -> Vec<Revealed> {
    stream::iter(names).map(|name| vault.reveal(name)).buffered(AT_ONCE).collect().await
}
