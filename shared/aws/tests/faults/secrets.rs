//! Faults of Secrets Manager.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    Secret,
    id::{AccountId, KeyId, Ulid},
};
use latchhook_aws::{SecretsManagerVault, change_ring, read_secret, ring_secret};
use ports::{
    Chain, ReadError, Unavailable, Vault,
    store::Write,
    vault::{
        Fingerprint, FingerprintOf, Fingerprints, SealScope, SecretName, SecretPurpose, VaultError,
    },
};
use serde_json::{Value, json};

use crate::service::{InstantClock, Service, error, fine};

const ACCOUNT: AccountId = AccountId(Ulid::from_parts(0, 1));

/// Sealed vault in which every account is open.
struct Sealed;

#[async_trait]
impl Vault for Sealed {
    fn keeps_apart(&self) -> bool {
        false
    }

    async fn fingerprints(&self, of: FingerprintOf, _: &[u8]) -> Result<Fingerprints, ReadError> {
        let in_use = Fingerprint { of, pepper: "".into(), mac: [0; 32] };
        Ok(Fingerprints { in_use, others: vec![] })
    }

    async fn rewrap(&self, _: SealScope) -> Result<Vec<Write>, ReadError> {
        Ok(vec![])
    }

    async fn open_account(&self, _: AccountId) -> Result<Vec<Write>, ReadError> {
        Ok(vec![])
    }

    async fn close_account(&self, _: AccountId) -> Result<Vec<Write>, ReadError> {
        Ok(vec![])
    }

    async fn keep(&self, _: SecretName, _: &Secret) -> Result<Vec<Write>, VaultError> {
        Ok(vec![])
    }

    async fn reveal(&self, _: SecretName) -> Result<Secret, VaultError> {
        Err(VaultError::Gone)
    }

    async fn forget(&self, _: SecretName) -> Result<Vec<Write>, ReadError> {
        Ok(vec![])
    }

    async fn destroy(&self, _: SecretName) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn seal(&self, _: SealScope, _: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(plain.to_vec())
    }

    async fn open(&self, _: SealScope, _: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        Ok(sealed.to_vec())
    }
}

fn vault(service: &Service, clock: &Arc<InstantClock>) -> SecretsManagerVault {
    let client = service.clients().secrets_manager();
    SecretsManagerVault::new(client, "latchhook".to_owned(), Arc::new(Sealed), clock.clone())
}

fn name() -> SecretName {
    SecretName { account: ACCOUNT, purpose: SecretPurpose::ApiKey(KeyId(Ulid::from(2))) }
}

fn failed(code: &str) -> crate::service::Answer {
    error(code, json!({}))
}

#[tokio::test]
async fn a_secret_that_is_being_deleted_is_restored_and_changed() {
    let service =
        Service::in_turn([failed("InvalidRequestException"), fine(json!({})), fine(json!({}))]);
    let clock = InstantClock::new();
    vault(&service, &clock).keep(name(), &Secret::new("hush")).await.unwrap();
    assert_eq!(service.operations(), ["CreateSecret", "RestoreSecret", "PutSecretValue"]);
    assert_eq!(clock.waits(), 0);
    let create = &service.calls()[0].input;
    assert_eq!(create["Name"], format!("latchhook/{ACCOUNT}/{}", name().purpose));
    assert_eq!(
        create["Tags"][1],
        json!({ "Key": "latchhook:account", "Value": ACCOUNT.to_string() })
    );
}

#[tokio::test]
async fn secrets_and_the_key_ring_are_made_under_a_kms_key_of_ones_own() {
    for key in [None, Some("arn:aws:kms:eu-west-1:123456789012:key/1".to_owned())] {
        let service = Service::in_turn([
            fine(json!({})),
            failed("ResourceNotFoundException"),
            fine(json!({})),
            fine(json!({ "SecretString": "the ring" })),
        ]);
        let vault = vault(&service, &InstantClock::new()).encrypted_under(key.clone());
        vault.keep(name(), &Secret::new("hush")).await.unwrap();
        let client = service.clients().secrets_manager();
        let make = || Secret::new("the ring");
        ring_secret(&client, "ring", key.as_deref(), make).await.unwrap();
        let calls = service.calls();
        let under: Vec<&Value> = [0, 2].map(|one: usize| &calls[one].input["KmsKeyId"]).into();
        assert_eq!(under, [&json!(key); 2]);
        assert_eq!(service.operations()[2], "CreateSecret");
    }
}

#[tokio::test]
async fn a_secret_that_vanishes_meanwhile_is_created_again() {
    let service = Service::in_turn([
        failed("InvalidRequestException"),
        failed("ResourceNotFoundException"),
        fine(json!({})),
    ]);
    let clock = InstantClock::new();
    vault(&service, &clock).keep(name(), &Secret::new("hush")).await.unwrap();
    assert_eq!(service.operations(), ["CreateSecret", "RestoreSecret", "CreateSecret"]);
    assert_eq!(clock.waits(), 1);
}

#[tokio::test]
async fn a_secret_that_stays_deleted_is_an_error() {
    let service = Service::new(|_| failed("InvalidRequestException"));
    let clock = InstantClock::new();
    let kept = vault(&service, &clock).keep(name(), &Secret::new("hush")).await;
    let Err(VaultError::Unavailable(why)) = kept else { panic!("{kept:?}") };
    assert!(!Chain(&why).to_string().contains("hush"));
    assert_eq!(clock.waits(), 5);
}

#[tokio::test]
async fn a_secret_that_is_being_deleted_is_gone_and_forgotten() {
    for code in ["InvalidRequestException", "ResourceNotFoundException"] {
        let service = Service::new(move |_| failed(code));
        let vault = vault(&service, &InstantClock::new());
        assert!(matches!(vault.reveal(name()).await, Err(VaultError::Gone)));
        vault.destroy(name()).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_destroyed_before_its_commit_and_never_beyond_recovery() {
    let service = Service::new(|_| fine(json!({})));
    let vault = vault(&service, &InstantClock::new());
    assert!(vault.forget(name()).await.unwrap().is_empty());
    vault.close_account(ACCOUNT).await.unwrap();
    assert_eq!(service.operations(), Vec::<String>::new());
    vault.destroy(name()).await.unwrap();
    let calls = service.calls();
    assert_eq!(service.operations(), ["DeleteSecret"]);
    assert_eq!(calls[0].input["SecretId"], format!("latchhook/{ACCOUNT}/{}", name().purpose));
    assert_eq!(calls[0].input["RecoveryWindowInDays"], 7);
    assert_eq!(calls[0].input["ForceDeleteWithoutRecovery"], Value::Null);
}

#[tokio::test]
async fn processes_that_create_the_ring_at_once_get_the_same_one() {
    let exists = || failed("ResourceExistsException");
    let service = Service::in_turn([
        failed("ResourceNotFoundException"),
        exists(),
        exists(),
        fine(json!({ "SecretString": "the winner's" })),
    ]);
    let client = service.clients().secrets_manager();
    let ring = ring_secret(&client, "ring", None, || Secret::new("the loser's")).await.unwrap();
    assert_eq!(ring, Secret::new("the winner's"));
    let calls = service.calls();
    let operations = ["GetSecretValue", "CreateSecret", "PutSecretValue", "GetSecretValue"];
    assert_eq!(service.operations(), operations);
    // One name for the first version in every process: the second one is refused because of it.
    let token = calls[1].input["ClientRequestToken"].as_str().unwrap();
    assert!((32..=64).contains(&token.len()));
    assert_eq!(calls[2].input["ClientRequestToken"], token);
}

#[tokio::test]
async fn of_two_commands_that_rotate_one_ring_at_once_the_slower_is_refused() {
    let service = Service::in_turn([fine(json!({})), failed("ResourceExistsException")]);
    let client = service.clients().secrets_manager();
    let name = "latchhook-key-ring-rotate-0123456789abcdef";
    change_ring(&client, "ring", &Secret::new("the faster's"), name).await.unwrap();
    let refused = change_ring(&client, "ring", &Secret::new("the slower's"), name).await;
    let why = Chain(&refused.unwrap_err()).to_string();
    assert!(why.contains("faster") && !why.contains("slower's"), "{why}");
    for call in service.calls() {
        assert_eq!(call.operation, "PutSecretValue");
        assert_eq!(call.input["ClientRequestToken"], name);
    }
}

#[tokio::test]
async fn a_deleted_ring_is_not_replaced() {
    let service = Service::in_turn([failed("InvalidRequestException")]);
    let client = service.clients().secrets_manager();
    assert!(ring_secret(&client, "ring", None, || panic!("no ring is made")).await.is_err());
}

#[tokio::test]
async fn an_empty_secret_is_an_error() {
    for found in [json!({}), json!({ "SecretBinary": "eA==" }), json!({ "SecretString": " " })] {
        let service = Service::in_turn([fine(found.clone()), fine(found)]);
        let client = service.clients().secrets_manager();
        assert!(read_secret(&client, "operator-token").await.is_err());
        assert!(ring_secret(&client, "ring", None, || unreachable!()).await.is_err());
    }
}
