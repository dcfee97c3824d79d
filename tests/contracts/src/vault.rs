//! Contract suite of [`Vault`].
//!
//! ```text
//! contracts::vault_suite!(fixture); // async fn fixture() -> contracts::vault::Fixture
//! ```

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use std::sync::Arc;

use domain::{
    Secret,
    id::{AccountId, KeyId, Ulid, WebhookId},
};
use futures_util::future::join_all;
use ports::{
    Commit, Store, Vault,
    store::Write,
    vault::{FingerprintOf, SealScope, SecretName, SecretPurpose, VaultError},
};

/// Fixture of the suite: an empty vault, and the store for the writes that it returns.
pub struct Fixture {
    /// Vault under test.
    pub vault: Arc<dyn Vault>,
    /// Store of the vault.
    pub store: Arc<dyn Store>,
    /// Two accounts that are not opened yet.
    pub accounts: [AccountId; 2],
    /// Resources that must live as long as the test: a folder, an emulator.
    pub keeper: Box<dyn Send + Sync>,
}

/// Generates the suite's tests, for the vault that the async function `$fixture` creates.
#[macro_export]
macro_rules! vault_suite {
    ($fixture:path) => {
        $crate::vault_suite! { $fixture:
            a_kept_secret_is_revealed
            keeping_a_secret_again_replaces_it
            two_secrets_are_kept_in_one_commit
            a_forgotten_secret_is_gone
            a_secret_is_forgotten_by_the_commit_and_not_before
            a_forgotten_secret_can_be_kept_again
            an_unknown_secret_is_not_found
            secrets_are_separate_by_purpose
            secrets_are_revealed_only_to_their_account
            an_unopened_account_keeps_no_secrets
            closing_an_account_destroys_its_secrets
            a_secret_kept_while_its_account_is_closed_is_gone
            opening_an_account_again_does_no_harm
            a_sealed_value_opens_only_with_its_scope_and_label
            a_changed_sealed_value_does_not_open
            values_sealed_for_the_installation_outlive_accounts
            the_first_values_of_an_installation_can_be_sealed_concurrently
            no_two_seals_are_alike
            fingerprints_are_stable_and_separate_by_purpose
            nothing_is_to_be_wrapped_anew_before_a_rotation
        }
    };
    ($fixture:path: $($promise:ident)*) => {$(
        #[tokio::test]
        async fn $promise() {
            $crate::vault::$promise($fixture().await).await;
        }
    )*};
}

impl Fixture {
    /// Commits the writes that the vault returned.
    async fn commit(&self, writes: Vec<Write>) {
        self.store.commit(Commit { writes, ..Commit::default() }).await.unwrap();
    }

    /// Opens the first account.
    async fn opened(&self) -> AccountId {
        let [account, _] = self.accounts;
        self.commit(self.vault.open_account(account).await.unwrap()).await;
        account
    }

    async fn close(&self, account: AccountId) {
        self.commit(self.vault.close_account(account).await.unwrap()).await;
    }

    /// Forgets a secret, as a use case does.
    async fn forget(&self, name: SecretName) {
        self.commit(self.vault.forget(name).await.unwrap()).await;
        self.vault.destroy(name).await.unwrap();
    }

    async fn keep(&self, name: SecretName, text: &str) {
        self.commit(self.vault.keep(name, &Secret::new(text)).await.unwrap()).await;
    }

    async fn assert_kept(&self, name: SecretName, text: &str) {
        assert_eq!(self.vault.reveal(name).await.unwrap(), Secret::new(text), "{name:?}");
    }

    async fn assert_gone(&self, name: SecretName) {
        assert!(matches!(self.vault.reveal(name).await, Err(VaultError::Gone)), "{name:?}");
    }

    async fn assert_closed(&self, scope: SealScope, label: &str, sealed: &[u8]) {
        let opened = self.vault.open(scope, label, sealed).await;
        assert!(matches!(opened, Err(VaultError::Gone)), "{scope:?} {label} {sealed:02x?}");
    }
}

fn an_api_key(account: AccountId) -> SecretName {
    SecretName { account, purpose: SecretPurpose::ApiKey(KeyId(Ulid::from(1_u128))) }
}

fn a_signing_secret(account: AccountId, number: u32) -> SecretName {
    let webhook = WebhookId(Ulid::from(2_u128));
    SecretName { account, purpose: SecretPurpose::SigningSecret(webhook, number) }
}

/// A kept secret is revealed unchanged, whatever its characters and length.
pub async fn a_kept_secret_is_revealed(fixture: Fixture) {
    let name = an_api_key(fixture.opened().await);
    for text in ["lh_sk_test_hush", "", "p\u{e4}ss\0\"\\\n\u{1f511}", &"x".repeat(4096)] {
        fixture.keep(name, text).await;
        fixture.assert_kept(name, text).await;
    }
}

/// Keeping a secret again under the same name replaces it.
pub async fn keeping_a_secret_again_replaces_it(fixture: Fixture) {
    let name = an_api_key(fixture.opened().await);
    fixture.keep(name, "the first").await;
    fixture.keep(name, "the second").await;
    fixture.assert_kept(name, "the second").await;
}

/// One command may keep several secrets.
pub async fn two_secrets_are_kept_in_one_commit(fixture: Fixture) {
    let account = fixture.opened().await;
    let mut commit = Commit::default();
    for number in [1, 2] {
        let secret = Secret::new(format!("number {number}"));
        let name = a_signing_secret(account, number);
        commit.add(fixture.vault.keep(name, &secret).await.unwrap());
    }
    fixture.store.commit(commit).await.unwrap();
    fixture.assert_kept(a_signing_secret(account, 1), "number 1").await;
    fixture.assert_kept(a_signing_secret(account, 2), "number 2").await;
}

/// A forgotten secret is gone, others stay, and forgetting a missing one is no error.
pub async fn a_forgotten_secret_is_gone(fixture: Fixture) {
    let account = fixture.opened().await;
    let (forgotten, other) = (an_api_key(account), a_signing_secret(account, 1));
    fixture.keep(forgotten, "forgotten").await;
    fixture.keep(other, "other").await;
    for _ in 0..2 {
        fixture.forget(forgotten).await;
        fixture.assert_gone(forgotten).await;
    }
    fixture.assert_kept(other, "other").await;
}

/// Asking for the writes that forget a secret, or close its account, changes nothing.
pub async fn a_secret_is_forgotten_by_the_commit_and_not_before(fixture: Fixture) {
    let account = fixture.opened().await;
    let name = an_api_key(account);
    fixture.keep(name, "kept").await;
    fixture.vault.forget(name).await.unwrap();
    fixture.vault.close_account(account).await.unwrap();
    fixture.assert_kept(name, "kept").await;
}

/// A name can be used again after its secret was forgotten.
pub async fn a_forgotten_secret_can_be_kept_again(fixture: Fixture) {
    let name = an_api_key(fixture.opened().await);
    fixture.keep(name, "the first").await;
    fixture.forget(name).await;
    fixture.keep(name, "the second").await;
    fixture.assert_kept(name, "the second").await;
}

/// A secret that was never kept is not found.
pub async fn an_unknown_secret_is_not_found(fixture: Fixture) {
    fixture.assert_gone(an_api_key(fixture.opened().await)).await;
}

/// Secrets with different purposes, or numbers within one, are separate.
pub async fn secrets_are_separate_by_purpose(fixture: Fixture) {
    let account = fixture.opened().await;
    let webhook = WebhookId(Ulid::from(2_u128));
    let purposes = [
        SecretPurpose::ApiKey(KeyId(webhook.0)),
        SecretPurpose::SigningSecret(webhook, 1),
        SecretPurpose::SigningSecret(webhook, 11),
        SecretPurpose::WebhookUrl(webhook, 1),
    ];
    for purpose in purposes {
        fixture.keep(SecretName { account, purpose }, &purpose.to_string()).await;
    }
    for purpose in purposes {
        fixture.assert_kept(SecretName { account, purpose }, &purpose.to_string()).await;
    }
}

/// A secret is revealed only for its own account, and closing another account leaves it alone.
pub async fn secrets_are_revealed_only_to_their_account(fixture: Fixture) {
    let account = fixture.opened().await;
    let [_, stranger] = fixture.accounts;
    fixture.keep(an_api_key(account), "mine").await;
    fixture.assert_gone(an_api_key(stranger)).await;
    fixture.commit(fixture.vault.open_account(stranger).await.unwrap()).await;
    fixture.assert_gone(an_api_key(stranger)).await;

    fixture.keep(an_api_key(stranger), "theirs").await;
    fixture.close(stranger).await;
    fixture.assert_kept(an_api_key(account), "mine").await;
}

/// Nothing is kept or sealed for an account before it is opened.
pub async fn an_unopened_account_keeps_no_secrets(fixture: Fixture) {
    let [account, _] = fixture.accounts;
    let scope = SealScope::Account(account);
    let kept = fixture.vault.keep(an_api_key(account), &Secret::new("early")).await;
    assert!(matches!(kept, Err(VaultError::Gone)));
    assert!(matches!(fixture.vault.seal(scope, "label", b"early").await, Err(VaultError::Gone)));
    fixture.assert_closed(scope, "label", b"").await;
}

/// Closing an account makes its secrets unreadable and refuses new ones, even through a vault
/// instance that has read them before.
pub async fn closing_an_account_destroys_its_secrets(fixture: Fixture) {
    let account = fixture.opened().await;
    let scope = SealScope::Account(account);
    fixture.keep(an_api_key(account), "kept").await;
    fixture.assert_kept(an_api_key(account), "kept").await;
    let sealed = fixture.vault.seal(scope, "label", b"sealed").await.unwrap();
    assert_eq!(fixture.vault.open(scope, "label", &sealed).await.unwrap(), b"sealed");

    for _ in 0..2 {
        fixture.close(account).await;
        fixture.assert_gone(an_api_key(account)).await;
        fixture.assert_closed(scope, "label", &sealed).await;
        let kept = fixture.vault.keep(an_api_key(account), &Secret::new("late")).await;
        assert!(matches!(kept, Err(VaultError::Gone)));
        assert!(matches!(fixture.vault.seal(scope, "label", b"late").await, Err(VaultError::Gone)));
    }
}

/// A command that keeps a secret while its account is being closed fails as a whole and leaves
/// nothing readable.
pub async fn a_secret_kept_while_its_account_is_closed_is_gone(fixture: Fixture) {
    let account = fixture.opened().await;
    let writes = fixture.vault.keep(an_api_key(account), &Secret::new("late")).await.unwrap();
    fixture.close(account).await;
    if !writes.is_empty() {
        let commit = Commit { writes, ..Commit::default() };
        assert!(fixture.store.commit(commit).await.is_err());
    }
    fixture.assert_gone(an_api_key(account)).await;
}

/// Opening an account again, later or concurrently, keeps its secrets.
pub async fn opening_an_account_again_does_no_harm(fixture: Fixture) {
    let [account, _] = fixture.accounts;
    let in_a_race = fixture.vault.open_account(account).await.unwrap();
    fixture.opened().await;
    fixture.keep(an_api_key(account), "kept").await;

    // The race may succeed or fail, but must not replace the key.
    let commit = Commit { writes: in_a_race, ..Commit::default() };
    drop(fixture.store.commit(commit).await);
    fixture.assert_kept(an_api_key(account), "kept").await;

    fixture.opened().await;
    fixture.assert_kept(an_api_key(account), "kept").await;
}

/// A sealed value opens only with its own scope and label.
pub async fn a_sealed_value_opens_only_with_its_scope_and_label(fixture: Fixture) {
    let account = fixture.opened().await;
    let [_, stranger] = fixture.accounts;
    fixture.commit(fixture.vault.open_account(stranger).await.unwrap()).await;
    let scopes =
        [SealScope::Installation, SealScope::Account(account), SealScope::Account(stranger)];
    for scope in scopes {
        let sealed = fixture.vault.seal(scope, "label", b"plain").await.unwrap();
        assert_eq!(fixture.vault.open(scope, "label", &sealed).await.unwrap(), b"plain");
        for label in ["", "labe", "label ", "Label", "x/label"] {
            fixture.assert_closed(scope, label, &sealed).await;
        }
        for other in scopes.into_iter().filter(|other| *other != scope) {
            fixture.assert_closed(other, "label", &sealed).await;
        }
    }
    let empty = fixture.vault.seal(SealScope::Installation, "", b"").await.unwrap();
    assert_eq!(fixture.vault.open(SealScope::Installation, "", &empty).await.unwrap(), b"");
}

/// A sealed value with any bit changed, or another length, does not open.
pub async fn a_changed_sealed_value_does_not_open(fixture: Fixture) {
    let scope = SealScope::Installation;
    let sealed = fixture.vault.seal(scope, "label", b"plain").await.unwrap();
    for place in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[place] ^= 1 << bit;
            fixture.assert_closed(scope, "label", &changed).await;
        }
        fixture.assert_closed(scope, "label", &sealed[..place]).await;
        fixture.assert_closed(scope, "label", &sealed[place + 1..]).await;
    }
    fixture.assert_closed(scope, "label", &[sealed.as_slice(), b"\0"].concat()).await;
}

/// Values sealed for the installation outlive every account.
pub async fn values_sealed_for_the_installation_outlive_accounts(fixture: Fixture) {
    let account = fixture.opened().await;
    let scope = SealScope::Installation;
    let sealed = fixture.vault.seal(scope, "label", b"plain").await.unwrap();
    fixture.close(account).await;
    assert_eq!(fixture.vault.open(scope, "label", &sealed).await.unwrap(), b"plain");
}

/// Values sealed concurrently by a new installation all open afterwards.
pub async fn the_first_values_of_an_installation_can_be_sealed_concurrently(fixture: Fixture) {
    let scope = SealScope::Installation;
    let seals = (0..8).map(|_| fixture.vault.seal(scope, "label", b"plain"));
    for sealed in join_all(seals).await {
        let opened = fixture.vault.open(scope, "label", &sealed.unwrap()).await;
        assert_eq!(opened.unwrap(), b"plain");
    }
}

/// Sealing the same value twice gives different bytes.
pub async fn no_two_seals_are_alike(fixture: Fixture) {
    let scope = SealScope::Installation;
    let one = fixture.vault.seal(scope, "label", b"plain").await.unwrap();
    let two = fixture.vault.seal(scope, "label", b"plain").await.unwrap();
    assert_ne!(one, two);
    for sealed in [one, two] {
        assert!(!sealed.windows(5).any(|window| window == b"plain"));
    }
}

/// A fingerprint depends on the purpose and the bytes, and on nothing else.
pub async fn fingerprints_are_stable_and_separate_by_purpose(fixture: Fixture) {
    use FingerprintOf::{ApiKey, ApiKeyHash, PortalToken, RequestBody, WebhookUrl};
    let texts: [&[u8]; 4] = [b"", b"\0", b"hush", &[b'x'; 300]];
    let fingerprints = async || {
        let mut all = Vec::new();
        for purpose in [ApiKey, ApiKeyHash, PortalToken, WebhookUrl, RequestBody] {
            for bytes in texts {
                all.push(fixture.vault.fingerprints(purpose, bytes).await.unwrap());
            }
        }
        all
    };
    let all = fingerprints().await;
    let account = fixture.opened().await;
    fixture.keep(an_api_key(account), "hush").await;
    assert_eq!(fingerprints().await, all);
    let different = all.iter().collect::<std::collections::HashSet<_>>();
    assert_eq!(different.len(), all.len());
}

/// Without a rotation there is nothing to wrap anew, for accounts that are open, closed or neither.
pub async fn nothing_is_to_be_wrapped_anew_before_a_rotation(fixture: Fixture) {
    let account = fixture.opened().await;
    let [_, unopened] = fixture.accounts;
    for account in [account, unopened] {
        let writes = fixture.vault.rewrap(SealScope::Account(account)).await.unwrap();
        assert!(writes.is_empty());
    }
    fixture.close(account).await;
    assert!(fixture.vault.rewrap(SealScope::Account(account)).await.unwrap().is_empty());
    assert!(fixture.vault.rewrap(SealScope::Installation).await.unwrap().is_empty());
}
