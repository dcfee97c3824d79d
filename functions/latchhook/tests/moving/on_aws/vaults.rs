//! Tests of moving secrets from one vault to the other.

use std::process::Command;

use serde_json::{Value, json};

use super::{
    super::{Old, complaint, latchhook, refuses, says, text},
    Place, between, environment,
};

/// Returns an installation with two secrets and the place on AWS that it was moved to, into a vault.
async fn imported(vault: &str) -> (Old, Place) {
    let (old, place) = (Old::new(), Place::new().await);
    let export = old.directory.path().join("export");
    old.export(&export);
    says(&mut run(&place, vault, &["import", "--to", "aws", text(&export)]));
    (old, place)
}

/// Returns `latchhook` with the environment of functions that use this vault.
fn run(place: &Place, vault: &str, words: &[&str]) -> Command {
    let mut command = latchhook(words);
    command.envs(environment(place, vault));
    command
}

fn move_to(vault: &str) -> [&str; 4] {
    ["vault", "move", "--to", vault]
}

#[tokio::test]
async fn secrets_move_from_one_vault_to_the_other_and_back() {
    let (_old, place) = imported("secrets-manager").await;
    let run = |vault: &str, words: &[&str]| run(&place, vault, words);
    let early = refuses(&mut run("secrets-manager", &move_to("sealed")), 2);
    assert!(early.contains("deploy with VaultKind=both first"), "{early}");
    let told = says(&mut run("both", &move_to("sealed")));
    assert!(told.contains("deploy with VaultKind=sealed") && told.contains("2 copied"), "{told}");
    let late = refuses(&mut run("secrets-manager", &["reconcile"]), 1);
    assert!(late.contains("opening the vault failed"), "{late}");
    let told = says(&mut run("sealed", &["vault", "forget"]));
    assert_eq!(told, "2 forgotten\n");
    assert_eq!(says(&mut run("sealed", &["vault", "forget"])), "0 forgotten\n");

    let told = says(&mut run("both", &move_to("secrets-manager")));
    assert!(told.contains("deploy with VaultKind=secrets-manager"), "{told}");
    assert_eq!(says(&mut run("secrets-manager", &["vault", "forget"])), "2 forgotten\n");
    let agree = "2 secrets are as the tables say\n";
    assert_eq!(says(&mut run("secrets-manager", &["reconcile"])), agree);
}

#[tokio::test]
async fn a_move_fails_and_names_what_is_in_neither_vault_until_that_is_found() {
    let (old, place) = imported("secrets-manager").await;
    let secrets = place.clients.secrets_manager();
    let lost = format!("{}/{}/signing-secret/1", old.account, old.webhook["id"].as_str().unwrap());
    let id = format!("{}/{lost}", place.name);
    secrets.delete_secret().secret_id(&id).recovery_window_in_days(7).send().await.unwrap();

    let failed = run(&place, "both", &move_to("sealed")).output().unwrap();
    let (told, complaint) = (String::from_utf8(failed.stdout.clone()).unwrap(), complaint(&failed));
    assert_eq!(failed.status.code(), Some(1), "{complaint}");
    let expected = format!("1 copied, 0 there already\n{lost}  is needed, and in neither vault\n");
    assert_eq!(told, expected);
    for advice in ["repeat it in a minute", "rotate them, or roll their keys"] {
        assert!(complaint.contains(advice), "{complaint}");
    }
    let json = [&move_to("sealed")[..], &["--json"]].concat();
    let failed = run(&place, "both", &json).output().unwrap();
    let told: Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!((failed.status.code(), &told["missing"]), (Some(1), &json!([lost])));

    secrets.restore_secret().secret_id(&id).send().await.unwrap();
    let told = says(&mut run(&place, "both", &move_to("sealed")));
    assert!(told.starts_with("1 copied, 1 there already\nAll are there"), "{told}");
}

#[tokio::test]
async fn what_is_moved_back_while_it_is_forgotten_stays_in_both_vaults() {
    // Forgetting, and the first call that it makes of Secrets Manager for one of the secrets.
    let directions = [
        ("secrets-manager", "sealed", "DeleteSecret"),
        ("sealed", "secrets-manager", "GetSecretValue"),
    ];
    for (old, new, call) in directions {
        let (_old, place) = imported(old).await;
        says(&mut run(&place, "both", &move_to(new)));
        let mut back = run(&place, "both", &move_to(old));
        let amid = between::before_the_first(call, move || {
            let told = says(&mut back);
            assert!(told.starts_with("0 copied, 2 there already"), "{told}");
        });
        let mut forget = run(&place, new, &["vault", "forget"]);
        let told = refuses(forget.env("AWS_ENDPOINT_URL", amid), 1);
        assert!(told.contains("secrets are moved back meanwhile"), "{told}");
        // Nothing is forgotten that is only in the old vault.
        assert_eq!(says(&mut run(&place, old, &["vault", "forget"])), "2 forgotten\n");
    }
}
