//! Tests of moving to an emulator of AWS, whose address `tests/run aws` puts into the environment.

mod between;
mod vaults;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;
use latchhook_aws_tests::Place;
use serde_json::{Value, json};

use super::{Old, latchhook, refuses, says, text};
use crate::server::Server;

/// Returns the environment of this deployment's functions.
fn environment(place: &Place, vault: &str) -> BTreeMap<String, String> {
    let own = [
        ("LATCHHOOK_EVENTS_TABLE", &*place.tables.events),
        ("LATCHHOOK_VIEWS_TABLE", &place.tables.views),
        ("LATCHHOOK_DELIVERIES_QUEUE", &place.queues.deliveries),
        ("LATCHHOOK_RETRY_MINUTES_QUEUE", &place.queues.retry_minutes),
        ("LATCHHOOK_RETRY_HOURS_QUEUE", &place.queues.retry_hours),
        ("LATCHHOOK_STACK", &place.name),
        ("LATCHHOOK_VAULT", vault),
        ("LATCHHOOK_PUBLIC_URL", "https://hooks.example.com"),
    ];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let of_aws = settings::environment().into_iter().filter(|(name, _)| name.starts_with("AWS_"));
    deployed::environment().into_iter().chain(own).chain(of_aws).collect()
}

#[tokio::test]
async fn a_backend_moves_to_aws_and_back() {
    for vault in ["sealed", "secrets-manager"] {
        let (old, place) = (Old::new(), Place::new().await);
        let env = environment(&place, vault);
        let on_aws = |arguments: &[&str]| {
            let mut command = latchhook(arguments);
            command.envs(&env);
            command
        };
        let folder = tempfile::tempdir().unwrap();
        let (there, back) = (folder.path().join("there"), folder.path().join("back"));
        old.export(&there);
        let import = ["import", "--to", "aws", text(&there)];
        let told = says(&mut on_aws(&import));
        assert!(told.contains("3 streams and 1 undelivered events are imported"), "{told}");
        let told = says(&mut on_aws(&["rebuild", "--aws"]));
        assert!(told.contains("each equals the one it replaces"), "{told}");

        // The retry is in the queue, under its name, with its due time.
        let wait = place.clients.sqs().receive_message().queue_url(&place.queues.retry_minutes);
        let retry = wait.wait_time_seconds(20).send().await.unwrap().messages.unwrap();
        let retry: Value = serde_json::from_str(retry[0].body().unwrap()).unwrap();
        assert_eq!(
            (&retry["task"]["event"], &retry["task"]["slot"]),
            (&old.event["id"], &json!(1))
        );

        let told = says(&mut on_aws(&import));
        assert!(told.contains("0 streams and 0 undelivered"), "a repeat changes nothing: {told}");
        says(&mut on_aws(&["export", "--from", "aws", text(&back)]));
        let backend = tempfile::tempdir().unwrap();
        let told = says(&mut latchhook(&["import", "--to", text(backend.path()), text(&back)]));
        assert!(told.contains("3 streams and 1 undelivered events are imported"), "{told}");
        let server = Server::on(backend, &super::SCHEDULE);
        assert_eq!(json!(old.endpoint.answer(200).id), old.event["id"]);
        assert_eq!(server.json(&["keys", "verify", &old.key])["valid"], true);
        let id = old.webhook["id"].as_str().unwrap();
        let secret = server.json(&["webhooks", "reveal-secret", id, "--account", &old.account]);
        assert_eq!(secret["signing_secret"], old.webhook["signing_secret"]);
    }
}

#[tokio::test]
async fn an_export_of_version_0_1_0_moves_to_aws_and_means_what_it_meant() {
    const SAID: &str = include_str!("../../../../tests/scenarios/data/v0.1.0/said.json");
    const EXPORT: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scenarios/data/v0.1.0/house.export");
    let said: Value = serde_json::from_str(SAID).unwrap();
    for vault in ["sealed", "secrets-manager"] {
        let env = environment(&Place::new().await, vault);
        let on_aws = |arguments: &[&str]| {
            let mut command = latchhook(arguments);
            command.envs(&env);
            command
        };
        let import = ["import", "--to", "aws", EXPORT];
        says(on_aws(&import).env("LATCHHOOK_PASSPHRASE", "fixture-passphrase"));
        let told = says(&mut on_aws(&["rebuild", "--aws"]));
        assert!(told.contains("each equals the one it replaces"), "{told}");

        let folder = tempfile::tempdir().unwrap();
        let back = folder.path().join("back");
        says(&mut on_aws(&["export", "--from", "aws", text(&back)]));
        let directory = tempfile::tempdir().unwrap();
        says(&mut latchhook(&["import", "--to", text(directory.path()), text(&back)]));
        let server = Server::on(directory, &super::SCHEDULE);
        for account in said["accounts"].as_object().unwrap().values() {
            as_said(&server, account);
        }
    }
}

/// Holds an account's keys and webhooks against what was said of them.
fn as_said(server: &Server, account: &Value) {
    let is_open = account["closed"] == false;
    for name in ["secret test", "publishable test", "expired"] {
        let expected = match name {
            _ if !is_open => "account_closed",
            "expired" => "expired",
            _ => "valid",
        };
        let asked = json!({ "key": account["keys"][name]["key"] }).to_string();
        let verified = server.json(&["api", "/v1/api_keys/verify", "--data", &asked]);
        assert_eq!(verified["code"], expected, "{name}");
    }
    let on = ["--account", account["id"].as_str().unwrap()];
    for webhook in account["webhooks"].as_object().unwrap().values().filter(|_| is_open) {
        let reveal = ["webhooks", "reveal-secret", webhook["id"].as_str().unwrap()];
        let secret = server.json(&[&reveal[..], &on[..]].concat());
        assert_eq!(secret["signing_secret"], webhook["signing_secret"]);
    }
}

#[tokio::test]
async fn a_rebuild_on_aws_names_and_mends_what_differs() {
    let (old, place) = (Old::new(), Place::new().await);
    let env = environment(&place, "sealed");
    let export = old.directory.path().join("export");
    old.export(&export);
    says(latchhook(&["import", "--to", "aws", text(&export)]).envs(&env));
    let (client, table) = (place.clients.dynamodb(), &place.tables.views);
    let item = |pk: &str, sk: &str| {
        [("pk", pk), ("sk", sk)]
            .map(|(name, at)| (name.to_owned(), AttributeValue::S(at.to_owned())))
    };
    let account = item("accounts/", &old.account);
    client.delete_item().table_name(table).set_key(Some(account.into())).send().await.unwrap();
    let count = item("#counters/account_count/", "all");
    let wrong = client.update_item().table_name(table).set_key(Some(count.into()));
    let wrong = wrong.update_expression("SET n = :n");
    let five = AttributeValue::N("5".to_owned());
    wrong.expression_attribute_values(":n", five).send().await.unwrap();

    let unasked = latchhook(&["rebuild", "--aws"]).envs(&env).output().unwrap();
    assert_eq!(unasked.status.code(), Some(2), "{}", super::complaint(&unasked));
    let output = latchhook(&["rebuild", "--aws", "--yes"]).envs(&env).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", super::complaint(&output));
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains(&format!("accounts/ {}: is missing", old.account)), "{told}");
    assert!(told.contains("account_count/ all: counts 5 instead of 1"), "{told}");
    let told = says(latchhook(&["rebuild", "--aws"]).envs(&env));
    assert!(told.contains("each equals the one it replaces"), "{told}");
}

#[tokio::test]
async fn a_rebuild_of_tables_of_version_0_1_0_lists_the_keys_that_expire_and_finds_no_more() {
    let place = Place::new().await;
    place.filled_by_version_0_1_0().await;
    let env = environment(&place, "sealed");
    let output = latchhook(&["rebuild", "--aws", "--yes"]).envs(&env).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", super::complaint(&output));
    let told = String::from_utf8(output.stdout).unwrap();
    let differ = told.lines().filter(|line| line.ends_with("is not what the events say"));
    let of_keys = differ.clone().filter(|line| line.contains("/api_keys/"));
    assert_eq!((differ.count(), of_keys.count()), (6, 6), "{told}");
    let told = says(latchhook(&["rebuild", "--aws"]).envs(&env));
    assert!(told.contains("each equals the one it replaces"), "{told}");
}

#[tokio::test]
async fn a_profile_whose_credentials_come_from_a_process_signs_in() {
    let (old, place) = (Old::new(), Place::new().await);
    let export = old.directory.path().join("export");
    old.export(&export);
    let mut env = environment(&place, "sealed");
    let mut taken = |name: &str| env.remove(name).unwrap();
    let [key, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(&mut taken);
    let region = env["AWS_REGION"].clone();
    let process = old.directory.path().join("credentials.json");
    let made = json!({ "Version": 1, "AccessKeyId": key, "SecretAccessKey": secret });
    std::fs::write(&process, made.to_string()).unwrap();
    let config = old.directory.path().join("config");
    let signs_in = format!("credential_process = cat {}", text(&process));
    std::fs::write(&config, format!("[profile people]\nregion = {region}\n{signs_in}\n")).unwrap();
    let import = |profile: &str| {
        let mut command = latchhook(&["import", "--to", "aws", text(&export)]);
        command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY").envs(&env);
        command.env("AWS_CONFIG_FILE", &config).env("AWS_PROFILE", profile);
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        command
    };
    refuses(&mut import("nobody"), 1);
    let told = says(&mut import("people"));
    assert!(told.contains("3 streams and 1 undelivered events are imported"), "{told}");
}

#[tokio::test]
async fn dead_letters_are_sent_again_and_unreadable_ones_stay() {
    let (old, place) = (Old::new(), Place::new().await);
    let env = environment(&place, "sealed");
    let sqs = place.clients.sqs();
    let dead = sqs.create_queue().queue_name(format!("{}-dead", place.name)).send().await.unwrap();
    let dead = dead.queue_url.unwrap();
    let none = refuses(latchhook(&["redrive"]).envs(&env), 1);
    assert!(none.contains("the queue has none"), "{none}");
    let arn = sqs.get_queue_attributes().queue_url(&dead);
    let arn = arn.attribute_names(QueueAttributeName::QueueArn).send().await.unwrap();
    let arn = &arn.attributes.unwrap()[&QueueAttributeName::QueueArn];
    let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 10 });
    let set = sqs.set_queue_attributes().queue_url(&place.queues.deliveries);
    set.attributes(QueueAttributeName::RedrivePolicy, policy.to_string()).send().await.unwrap();

    let message = json!({
        "id": "msg_01kge3h900000000000000dnsd", "account": old.account,
        "webhook": old.webhook["id"], "lane": "first", "due": "2026-01-31T00:00:00.000Z",
        "task": {
            "event": old.event["id"], "environment": "test", "run": 0, "slot": 0,
            "trigger": "schedule"
        },
    });
    for body in [message.to_string(), "nobody wrote this".to_owned()] {
        sqs.send_message().queue_url(&dead).message_body(body).send().await.unwrap();
    }
    let left = latchhook(&["redrive"]).envs(&env).output().unwrap();
    assert_eq!(left.status.code(), Some(1));
    assert_eq!(String::from_utf8(left.stdout).unwrap(), "1 dead letters were sent again\n");
    let received = sqs.receive_message().queue_url(&place.queues.deliveries).send().await.unwrap();
    let received = received.messages.unwrap();
    let received: Value = serde_json::from_str(received[0].body().unwrap()).unwrap();
    assert_eq!(received, message);
}

#[tokio::test]
async fn secrets_and_tables_are_reconciled_after_a_restore() {
    let (old, place) = (Old::new(), Place::new().await);
    let env = environment(&place, "secrets-manager");
    let export = old.directory.path().join("export");
    old.export(&export);
    says(latchhook(&["import", "--to", "aws", text(&export)]).envs(&env));
    let agree = "2 secrets are as the tables say\n";
    assert_eq!(says(latchhook(&["reconcile"]).envs(&env)), agree);

    let secrets = place.clients.secrets_manager();
    let named = |number: u32| {
        let webhook = old.webhook["id"].as_str().unwrap();
        format!("{}/{webhook}/signing-secret/{number}", old.account)
    };
    let id = |number| format!("{}/{}", place.name, named(number));
    let destroy = || secrets.delete_secret().secret_id(id(1));
    destroy().recovery_window_in_days(7).send().await.unwrap();
    secrets.create_secret().name(id(9)).secret_string("x").send().await.unwrap();
    let differ = latchhook(&["reconcile"]).envs(&env).output().unwrap();
    assert_eq!(differ.status.code(), Some(1), "{}", super::complaint(&differ));
    let told = String::from_utf8(differ.stdout).unwrap();
    let (needed, unnamed) = (named(1), named(9));
    assert!(told.contains(&format!("{needed}  is needed, and can be restored")), "{told}");
    assert!(told.contains(&format!("{unnamed}  nothing names it")), "{told}");
    let told = says(latchhook(&["reconcile", "--mend"]).envs(&env));
    assert!(told.contains("was restored") && told.contains("was destroyed"), "{told}");
    assert_eq!(says(latchhook(&["reconcile"]).envs(&env)), agree);

    destroy().force_delete_without_recovery(true).send().await.unwrap();
    let gone = latchhook(&["reconcile", "--json"]).envs(&env).output().unwrap();
    assert_eq!(gone.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&gone.stdout).unwrap();
    assert_eq!((&report["missing"], &report["agree"]), (&json!([needed]), &json!(1)));
    let sealed = environment(&Place::new().await, "sealed");
    let nothing = refuses(latchhook(&["reconcile"]).envs(&sealed), 2);
    assert!(nothing.contains("its secrets are in the tables"), "{nothing}");
}

#[tokio::test]
async fn the_operator_token_is_rotated_in_its_secret() {
    let place = Place::new().await;
    let env = environment(&place, "sealed");
    let (secrets, id) = (place.clients.secrets_manager(), format!("{}/operator-token", place.name));
    secrets.create_secret().name(&id).secret_string("first").send().await.unwrap();
    let told = says(latchhook(&["operator-token", "rotate", "--aws"]).envs(&env));
    let kept = secrets.get_secret_value().secret_id(&id).send().await.unwrap().secret_string;
    assert_eq!((kept.as_deref(), told.starts_with("lhop_")), (Some(told.trim()), true));
}
