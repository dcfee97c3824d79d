//! Golden events: every event ever stored is read with its original meaning, byte for byte.
//!
//! `tests/golden/<name>.v<schema version>.json` holds a payload as it was stored when that version
//! was current. A new version adds a file and a line here. **Never edit a file**: a test that fails
//! because a file can no longer be read has found a mistake.

use std::{collections::BTreeSet, fmt::Debug, fs, path::PathBuf};

use latchhook_domain::{
    Environment, Jurisdiction, KeyType, OperatorScope, StoredEvent, UnreadableEvent,
    account::{self, AccountEvent},
    event_types::{self, EventTypesEvent},
    key::{self, KeyEvent},
    key_scopes::{self, KeyScopesEvent},
    limits::OwnRate,
    operator_token::{self, OperatorTokenEvent},
    webhook::{self, DisabledReason, WebhookEvent},
};

/// Stored event: name, schema version, and the value it is read as.
type Golden<E> = (&'static str, u16, E);

fn id<T: std::str::FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn file_name(name: &str, version: u16) -> String {
    format!("{name}.v{version}.json")
}

fn stored(name: &str, version: u16) -> String {
    fs::read_to_string(folder().join(file_name(name, version))).unwrap()
}

fn accounts() -> Vec<Golden<AccountEvent>> {
    let opened = account::Opened {
        id: id("acct_01kg9gk8g0000000000000000a"),
        name: "Acme \"Größe\" Inc.".to_owned(),
        external_id: Some("customer-7".to_owned()),
        webhook_quota: 2,
    };
    let session = account::PortalSessionOpened {
        session: id("ps_01kg9gk8g0000000000000000b"),
        expires_at: id("2026-01-31T10:30:00.000Z"),
    };
    vec![
        ("account.opened", 1, opened.into()),
        ("account.renamed", 1, account::Renamed { name: "Acme".to_owned() }.into()),
        ("account.credentialed", 1, account::Credentialed {}.into()),
        ("account.credential_withdrawn", 1, account::CredentialWithdrawn {}.into()),
        (
            "account.webhook_quota_changed",
            1,
            account::WebhookQuotaChanged { webhook_quota: 5 }.into(),
        ),
        ("account.portal_session_opened", 1, session.into()),
        (
            "account.portal_session_shown",
            1,
            account::PortalSessionShown { session: id("ps_01kg9gk8g0000000000000000b") }.into(),
        ),
        (
            "account.portal_session_ended",
            1,
            account::PortalSessionEnded { session: id("ps_01kg9gk8g0000000000000000b") }.into(),
        ),
        (
            "account.event_erased",
            1,
            account::EventErased { event: id("evt_01kg9gk8g0000000000000000f") }.into(),
        ),
        ("account.closed", 1, account::Closed {}.into()),
    ]
}

fn keys() -> Vec<Golden<KeyEvent>> {
    let created = key::Created {
        id: id("key_01kg9gk8g0000000000000000c"),
        account: id("acct_01kg9gk8g0000000000000000a"),
        key_type: KeyType::Publishable,
        environment: Environment::Live,
        name: None,
        redacted: "lh_pk_live_****cRC3".to_owned(),
        fingerprint: "9f86d081884c7d65".to_owned(),
        expires_at: Some(id("2027-01-31T09:30:00.125Z")),
        imported: false,
        revealable: true,
        scopes: None,
        metadata: key::Metadata::default(),
        rate_limit: None,
        allowed_networks: None,
    };
    let settings = key::Settings {
        name: Some("reports".to_owned()),
        scopes: Some(vec![id("reports:read")]),
        metadata: key::Metadata::from([("plan".to_owned(), "free".to_owned())]),
        rate_limit: OwnRate::new(5, 60).ok(),
        allowed_networks: Some(vec![id("203.0.113.0/24")]),
    };
    let imported = key::Created {
        imported: true,
        revealable: false,
        redacted: "****".to_owned(),
        name: settings.name.clone(),
        scopes: settings.scopes.clone(),
        metadata: settings.metadata.clone(),
        rate_limit: settings.rate_limit,
        allowed_networks: settings.allowed_networks.clone(),
        ..created.clone()
    };
    let rolled = key::Rolled {
        replaced_by: id("key_01kg9gk8g0000000000000000d"),
        expires_at: Some(id("2026-02-01T09:30:00.000Z")),
    };
    vec![
        ("api_key.created", 2, imported.into()),
        ("api_key.created", 1, created.into()),
        ("api_key.updated", 1, key::Updated::from(settings).into()),
        ("api_key.expiry_set", 1, key::ExpirySet { expires_at: None }.into()),
        ("api_key.rolled", 1, rolled.into()),
        ("api_key.revealed", 1, key::Revealed {}.into()),
        (
            "api_key.fingerprint_renewed",
            1,
            key::FingerprintRenewed { fingerprint: "17.9f86d081884c7d65".to_owned() }.into(),
        ),
        ("api_key.import_undone", 1, key::ImportUndone {}.into()),
    ]
}

fn webhooks() -> Vec<Golden<WebhookEvent>> {
    let endpoint = |url: &str, secret| webhook::Endpoint {
        url: url.to_owned(),
        fingerprint: "2c26b46b68ffc68f".to_owned(),
        secret,
    };
    let created = webhook::Created {
        id: id("wh_01kg9gk8g0000000000000000e"),
        account: id("acct_01kg9gk8g0000000000000000a"),
        environment: Environment::Test,
        jurisdiction: Jurisdiction::CA,
        endpoint: endpoint("https://user:****@hooks.example/a?b=c", Some(1)),
        include_object: true,
        event_types: vec![id("report.*"), id("candidate.created")],
        description: Some("reports".to_owned()),
        filter: None,
        headers: None,
        rate_limit: None,
        secret: 1,
        public_key: None,
    };
    let public_key = Some(id("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="));
    let filter = r#"{"data":{"object":{"status":["clear",{"exists":false}]}}}"#;
    let filter: webhook::Filter = serde_json::from_str(filter).unwrap();
    let headers = webhook::Headers { names: vec!["X-Tenant".to_owned()], secret: 1 };
    let particular = webhook::Created {
        filter: Some(filter.clone()),
        headers: Some(headers.clone()),
        rate_limit: OwnRate::new(5, 60).ok(),
        public_key,
        ..created.clone()
    };
    let moved = webhook::UrlChanged { endpoint: endpoint("https://hooks.example/", None) };
    let updated = webhook::Updated {
        include_object: false,
        event_types: vec![id("*")],
        description: None,
        filter: None,
        headers: None,
        rate_limit: None,
    };
    let particularly = webhook::Updated {
        filter: Some(filter),
        headers: Some(headers),
        rate_limit: OwnRate::new(5, 60).ok(),
        ..updated.clone()
    };
    let rotated = webhook::SecretRotated {
        secret: 2,
        public_key: None,
        previous_expires_at: id("2026-02-01T09:30:00.000Z"),
    };
    let rotated_key = webhook::SecretRotated { public_key, ..rotated.clone() };
    vec![
        ("webhook.created", 2, particular.into()),
        ("webhook.created", 1, created.into()),
        ("webhook.url_changed", 1, moved.into()),
        ("webhook.updated", 2, particularly.into()),
        ("webhook.updated", 1, updated.into()),
        ("webhook.disabled", 1, webhook::Disabled { reason: DisabledReason::Gone }.into()),
        ("webhook.enabled", 1, webhook::Enabled {}.into()),
        ("webhook.secret_rotated", 2, rotated_key.into()),
        ("webhook.secret_rotated", 1, rotated.into()),
        ("webhook.overlap_ended", 1, webhook::OverlapEnded {}.into()),
        ("webhook.secret_restored", 1, webhook::SecretRestored { secret: 3 }.into()),
        ("webhook.secret_revealed", 1, webhook::SecretRevealed {}.into()),
        ("webhook.deleted", 1, webhook::Deleted {}.into()),
        (
            "webhook.fingerprint_renewed",
            1,
            webhook::FingerprintRenewed { fingerprint: "17.2c26b46b68ffc68f".to_owned() }.into(),
        ),
    ]
}

fn key_scopes() -> Vec<Golden<KeyScopesEvent>> {
    let description = Some("Read reports.".to_owned());
    let put = key_scopes::ScopePut { name: id("reports:read"), description };
    let removed = key_scopes::ScopeRemoved { name: id("reports:read") };
    vec![("key_scope.put", 1, put.into()), ("key_scope.removed", 1, removed.into())]
}

fn operator_tokens() -> Vec<Golden<OperatorTokenEvent>> {
    let created = operator_token::Created {
        id: id("optk_01kg9gk8g0000000000000000f"),
        name: "API gateway".to_owned(),
        scopes: [OperatorScope::LogsRead, OperatorScope::KeysVerify].into(),
        fingerprint: "9f86d081884c7d65".to_owned(),
        expires_at: Some(id("2027-01-31T09:30:00.125Z")),
    };
    vec![
        ("operator_token.created", 1, created.into()),
        ("operator_token.ended", 1, operator_token::Ended {}.into()),
        ("operator_token.shown", 1, operator_token::Shown {}.into()),
    ]
}

fn event_types() -> Vec<Golden<EventTypesEvent>> {
    let put = event_types::Put {
        name: id("report.completed"),
        description: Some("A report is ready.".to_owned()),
        schema: Some(r#"{"required":["id"]}"#.to_owned()),
    };
    vec![
        ("event_type.put", 1, put.into()),
        ("event_type.removed", 1, event_types::Removed { name: id("report.completed") }.into()),
    ]
}

fn every_stored() -> Vec<(&'static str, u16)> {
    [
        AccountEvent::STORED,
        KeyEvent::STORED,
        WebhookEvent::STORED,
        EventTypesEvent::STORED,
        KeyScopesEvent::STORED,
        OperatorTokenEvent::STORED,
    ]
    .concat()
}

/// Calls `$check` with the golden events of every decider.
macro_rules! for_every_kind {
    ($check:ident) => {
        $check(&accounts());
        $check(&keys());
        $check(&webhooks());
        $check(&event_types());
        $check(&key_scopes());
        $check(&operator_tokens());
    };
}

fn reads_as_it_meant<E: StoredEvent + Clone + Debug + PartialEq>(events: &[Golden<E>]) {
    for (name, version, expected) in events {
        let payload = stored(name, *version);
        assert_eq!(&E::read(name, *version, &payload).unwrap(), expected, "{name}.v{version}");
    }
}

#[test]
fn every_stored_event_is_read_with_its_original_meaning() {
    for_every_kind!(reads_as_it_meant);
}

fn writes_the_same_bytes<E: StoredEvent>(events: &[Golden<E>]) {
    for (name, version, event) in events.iter().filter(|(_, v, event)| event.schema_version() == *v)
    {
        assert_eq!((event.name(), event.payload().get()), (*name, stored(name, *version).as_str()));
    }
}

#[test]
fn the_current_version_writes_the_same_bytes() {
    for_every_kind!(writes_the_same_bytes);
}

fn covers_all_that_can_be_read<E: StoredEvent>(events: &[Golden<E>]) {
    let golden: Vec<_> = events.iter().map(|(name, version, _)| (*name, *version)).collect();
    assert_eq!(golden, E::STORED);
}

#[test]
fn every_readable_name_and_version_has_a_golden_event() {
    for_every_kind!(covers_all_that_can_be_read);
}

#[test]
fn no_two_deciders_share_an_event_name() {
    let pairs = every_stored();
    assert_eq!(BTreeSet::from_iter(&pairs).len(), pairs.len());
}

#[test]
fn every_golden_file_has_a_readable_name_and_version() {
    let known: BTreeSet<_> =
        every_stored().into_iter().map(|(name, version)| file_name(name, version)).collect();
    let files: BTreeSet<_> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files, known);
}

fn refuses_what_it_does_not_know<E: StoredEvent + Debug + PartialEq>(events: &[Golden<E>]) {
    for (name, version, _) in events {
        let payload = stored(name, *version);
        let newest = events.iter().filter(|(other, ..)| other == name).map(|(_, v, _)| v).max();
        for (name, schema_version) in [
            (*name, 0),
            (*name, newest.unwrap() + 1),
            (*name, u16::MAX),
            ("", *version),
            ("x.y", *version),
        ] {
            let unknown = UnreadableEvent::Unknown { name: name.to_owned(), schema_version };
            let refused = E::read(name, schema_version, &payload).unwrap_err();
            assert_eq!(refused.to_string(), unknown.to_string());
        }
    }
}

#[test]
fn an_unknown_name_or_version_is_an_error() {
    for_every_kind!(refuses_what_it_does_not_know);
}

fn refuses_another_payload<E: StoredEvent + Debug>(events: &[Golden<E>]) {
    for (name, version, _) in events {
        let payload = stored(name, *version);
        let more = payload.replacen('{', r#"{"unheard_of":1,"#, 1).replace(",}", "}");
        let cut = &payload[..payload.len() - 1];
        for wrong in ["", "null", "1", "\"x\"", "[]", "{}}", &more, cut, &format!("[{payload}]")] {
            let read = E::read(name, *version, wrong);
            let refused = matches!(
                &read,
                Err(UnreadableEvent::Payload { name: n, .. } | UnreadableEvent::NotAnObject { name: n })
                    if n == name
            );
            assert!(refused, "{name} of {wrong}: {read:?}");
        }
    }
}

#[test]
fn a_payload_of_another_schema_is_an_error() {
    for_every_kind!(refuses_another_payload);
}
