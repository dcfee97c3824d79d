//! The rules of a webhook.

use std::time::Duration;

use latchhook_domain::{
    Environment, Jurisdiction, Jurisdictions, Timestamp,
    id::{AccountId, Ulid, WebhookId},
    limits::OwnRate,
    webhook::{
        Change, Command, Created, Deleted, Disabled, DisabledReason, Enabled, Endpoint,
        FingerprintRenewed, Headers, OverlapEnded, Rejection, SecretRestored, SecretRevealed,
        SecretRotated, Updated, UrlChanged, Webhook, WebhookEvent,
    },
};

use crate::specification::{Specification, minute};

pub(crate) fn given(events: impl IntoIterator<Item = WebhookEvent>) -> Specification<Webhook> {
    Specification::given(events)
}

pub(crate) fn endpoint(host: &str) -> Endpoint {
    Endpoint { url: format!("https://{host}/"), fingerprint: host.to_owned(), secret: None }
}

pub(crate) fn webhook() -> Created {
    Created {
        id: WebhookId(Ulid::from(1)),
        account: AccountId(Ulid::from(2)),
        environment: Environment::Test,
        jurisdiction: Jurisdiction::US,
        endpoint: endpoint("a.example"),
        include_object: false,
        event_types: vec!["report.*".parse().unwrap()],
        description: Some("reports".to_owned()),
        filter: None,
        headers: None,
        rate_limit: None,
        secret: 0,
        public_key: None,
    }
}

pub(crate) fn headers(names: &[&str]) -> Headers {
    Headers { names: names.iter().map(|name| (*name).to_owned()).collect(), secret: 1 }
}

pub(crate) fn created() -> WebhookEvent {
    webhook().into()
}

fn disabled(reason: DisabledReason) -> WebhookEvent {
    Disabled { reason }.into()
}

fn enable(enabled: bool) -> Command {
    Command::Update(Change { enabled: Some(enabled), ..Change::default() })
}

fn rotate(previous_expires_at: u64) -> Command {
    Command::RotateSecret { public_key: None, previous_expires_at: minute(previous_expires_at) }
}

fn rotated(secret: u32, previous_expires_at: u64) -> WebhookEvent {
    SecretRotated { secret, public_key: None, previous_expires_at: minute(previous_expires_at) }
        .into()
}

/// Returns the numbers of the secrets that sign at `now`.
fn signing(webhook: &Webhook, now: Timestamp) -> Vec<u32> {
    webhook.signing_secrets(now).collect()
}

fn everything_but_create() -> [Command; 6] {
    [
        Command::Update(Change::default()),
        enable(true),
        Command::Disable(DisabledReason::Gone),
        rotate(9),
        Command::RevealSecret,
        Command::Delete,
    ]
}

#[test]
fn a_webhook_is_created_enabled_with_the_given_properties() {
    let create = Command::Create { webhook: webhook(), credentialed: false };
    let state = given([]).when(create).then([created()]).state();
    let expected = Webhook {
        id: WebhookId(Ulid::from(1)),
        account: AccountId(Ulid::from(2)),
        environment: Environment::Test,
        jurisdiction: Jurisdiction::US,
        endpoint: endpoint("a.example"),
        include_object: false,
        event_types: vec!["report.*".parse().unwrap()],
        description: Some("reports".to_owned()),
        filter: None,
        headers: None,
        rate_limit: None,
        disabled: None,
        last_disabled_at: None,
        generation: 0,
        secret: 0,
        public_key: None,
        previous_secrets: vec![],
        created_at: minute(1),
        updated_at: minute(1),
        deleted_at: None,
    };
    assert_eq!(state, expected);
    assert!(state.is_enabled());
}

#[test]
fn a_webhook_is_created_only_once_even_after_deletion() {
    for history in [vec![created()], vec![created(), Deleted {}.into()]] {
        given(history)
            .when(Command::Create { webhook: webhook(), credentialed: true })
            .then_rejected(Rejection::AlreadyCreated);
    }
}

#[test]
fn a_live_webhook_needs_a_credentialed_account() {
    let live = Created { environment: Environment::Live, ..webhook() };
    let create = |credentialed| Command::Create { webhook: live.clone(), credentialed };
    given([]).when(create(false)).then_rejected(Rejection::NotCredentialed);
    given([]).when(create(true)).then([live.clone().into()]);
}

#[test]
fn commands_to_an_unknown_or_deleted_webhook_are_rejected() {
    for command in everything_but_create() {
        given([]).when(command.clone()).then_rejected(Rejection::NotFound);
        given([created(), Deleted {}.into()]).when(command).then_rejected(Rejection::NotFound);
    }
}

#[test]
fn an_update_changes_the_given_fields() {
    let change = Change {
        endpoint: Some(endpoint("b.example")),
        include_object: Some(true),
        event_types: Some(vec!["*".parse().unwrap()]),
        description: Some(None),
        filter: Some(Some(serde_json::from_str("{}").unwrap())),
        headers: Some(Some(headers(&["X-Tenant"]))),
        rate_limit: Some(OwnRate::new(5, 60).ok()),
        enabled: Some(false),
    };
    let updated = Updated {
        include_object: true,
        event_types: vec!["*".parse().unwrap()],
        description: None,
        filter: Some(serde_json::from_str("{}").unwrap()),
        headers: Some(headers(&["X-Tenant"])),
        rate_limit: OwnRate::new(5, 60).ok(),
    };
    let state = given([created()])
        .when(Command::Update(change))
        .then([
            UrlChanged { endpoint: endpoint("b.example") }.into(),
            updated.into(),
            disabled(DisabledReason::Manual),
        ])
        .state();
    assert_eq!(state.endpoint, endpoint("b.example"));
    assert_eq!((state.include_object, state.description), (true, None));
    assert_eq!(state.event_types, ["*".parse().unwrap()]);
    assert_eq!(state.headers, Some(headers(&["X-Tenant"])));
    assert!(state.filter.is_some() && state.rate_limit.is_some());
    assert_eq!((state.created_at, state.updated_at), (minute(0), minute(1)));
}

#[test]
fn an_update_keeps_the_other_fields() {
    let change = Change { include_object: Some(true), ..Change::default() };
    let Created { event_types, description, .. } = webhook();
    given([created()]).when(Command::Update(change)).then([Updated {
        include_object: true,
        event_types,
        description,
        filter: None,
        headers: None,
        rate_limit: None,
    }
    .into()]);
}

#[test]
fn an_update_to_the_same_values_changes_nothing() {
    let same = Change {
        endpoint: Some(endpoint("a.example")),
        include_object: Some(false),
        event_types: Some(webhook().event_types),
        description: Some(webhook().description),
        filter: Some(None),
        headers: Some(None),
        rate_limit: Some(None),
        enabled: Some(true),
    };
    for change in [Change::default(), same] {
        given([created()]).when(Command::Update(change)).then_nothing_happened();
    }
}

#[test]
fn sealing_the_same_url_again_is_not_a_change_of_url() {
    let again = Endpoint { secret: Some(7), ..endpoint("a.example") };
    given([created()])
        .when(Command::Update(Change { endpoint: Some(again), ..Change::default() }))
        .then_nothing_happened();
}

#[test]
fn disabling_records_the_reason_and_begins_a_generation() {
    for reason in DisabledReason::ALL.iter().copied() {
        let state =
            given([created()]).when(Command::Disable(reason)).then([disabled(reason)]).state();
        assert_eq!((state.disabled, state.generation), (Some(reason), 1));
        assert_eq!(state.last_disabled_at, Some(minute(1)));
        assert!(!state.is_enabled());
    }
}

#[test]
fn disabling_again_keeps_the_first_reason() {
    let gone = || given([created(), disabled(DisabledReason::Gone)]);
    gone().when(Command::Disable(DisabledReason::Failing)).then_nothing_happened();
    gone().when(enable(false)).then_nothing_happened();
}

#[test]
fn enabling_removes_the_reason_and_keeps_the_generation() {
    let state = given([created(), disabled(DisabledReason::Failing)])
        .when(enable(true))
        .then([Enabled {}.into()])
        .state();
    assert_eq!((state.disabled, state.generation), (None, 1));
    assert_eq!(state.last_disabled_at, Some(minute(0)));
    given([created()]).when(enable(true)).then_nothing_happened();
}

#[test]
fn every_disabling_begins_a_generation() {
    let manual = || disabled(DisabledReason::Manual);
    let twice = given([created(), manual(), Enabled {}.into(), manual()]).state();
    assert_eq!(twice.generation, 2);
}

#[test]
fn after_a_rotation_both_secrets_sign_until_the_overlap_ends() {
    let state = given([created()]).when(rotate(10)).then([rotated(1, 10)]).state();
    let at_last = minute(10).minus(Duration::from_millis(1));
    assert_eq!(signing(&state, at_last), [1, 0]);
    assert_eq!(signing(&state, minute(10)), [1]);
}

#[test]
fn after_a_rotation_without_overlap_only_the_new_secret_signs() {
    let state = given([created()]).when(rotate(1)).then([rotated(1, 1)]).state();
    assert_eq!(signing(&state, minute(1)), [1]);
}

#[test]
fn every_rotation_makes_a_new_secret() {
    let state = given([created(), rotated(1, 10)]).when(rotate(20)).then([rotated(2, 20)]).state();
    assert_eq!(signing(&state, minute(1)), [2, 1, 0]);
}

#[test]
fn an_overlap_that_is_ended_leaves_the_newest_secret_alone() {
    let rotated_once = || given([created(), rotated(1, 10)]);
    let ended = || OverlapEnded {}.into();
    let state = rotated_once().when(Command::EndOverlap).then([ended()]).state();
    assert_eq!(signing(&state, minute(1)), [1]);
    given([created()]).when(Command::EndOverlap).then_nothing_happened();
    rotated_once().at(minute(10)).when(Command::EndOverlap).then_nothing_happened();
}

#[test]
fn a_restored_secret_takes_the_place_of_the_one_that_replaced_it() {
    let restored = |secret| SecretRestored { secret }.into();
    let state =
        given([created(), rotated(1, 10)]).when(Command::RestoreSecret).then([restored(2)]).state();
    assert_eq!(signing(&state, minute(1)), [2]);
    let twice = given([created(), rotated(1, 60), rotated(2, 30)]);
    let state = twice.when(Command::RestoreSecret).then([restored(3)]).state();
    assert_eq!(signing(&state, minute(1)), [3, 0]);
}

#[test]
fn a_secret_that_signs_no_more_is_not_restored() {
    given([created()]).when(Command::RestoreSecret).then_rejected(Rejection::NoEarlierSecret);
    let late = given([created(), rotated(1, 10)]).at(minute(10));
    late.when(Command::RestoreSecret).then_rejected(Rejection::NoEarlierSecret);
}

#[test]
fn every_reveal_is_recorded_and_changes_nothing() {
    let once = given([created()]).when(Command::RevealSecret).then([SecretRevealed {}.into()]);
    let twice = once.when(Command::RevealSecret).then([SecretRevealed {}.into()]);
    assert_eq!(twice.state(), given([created()]).state());
}

#[test]
fn a_deleted_webhook_takes_no_deliveries() {
    let state = given([created()]).when(Command::Delete).then([Deleted {}.into()]).state();
    assert_eq!(state.deleted_at, Some(minute(1)));
    assert!(!state.is_enabled());
}

#[test]
fn a_webhook_receives_subscribed_events_of_its_jurisdiction() {
    let state = given([created()]).state();
    let among = Jurisdictions::default();
    let hears =
        |name: &str, jurisdiction| state.hears(&name.parse().unwrap(), jurisdiction, &among);
    assert!(hears("report.completed", Jurisdiction::US));
    assert!(!hears("report.completed", Jurisdiction::CA));
    assert!(!hears("candidate.created", Jurisdiction::US));
}

#[test]
fn two_rotations_within_one_overlap_leave_all_three_secrets_signing() {
    let webhook = given([created(), rotated(1, 60), rotated(2, 30)]).state();
    assert_eq!(signing(&webhook, minute(10)), [2, 1, 0]);
    assert_eq!(signing(&webhook, minute(30)), [2, 0]);
    assert_eq!(signing(&webhook, minute(60)), [2]);
}

#[test]
fn no_more_than_eleven_secrets_sign_at_once() {
    let rotations = (1..=10).map(|number| rotated(number, 60));
    let full = || given(std::iter::once(created()).chain(rotations.clone()));
    full().when(rotate(90)).then_rejected(Rejection::TooManySecrets);
    full().at(minute(60)).when(rotate(90)).then([rotated(11, 90)]);
}

#[test]
fn a_renewed_fingerprint_changes_nothing_else_of_a_webhook() {
    let renew = || Command::RenewFingerprint { fingerprint: "17.5eed".to_owned() };
    let renewed = || FingerprintRenewed { fingerprint: "17.5eed".to_owned() }.into();
    let once = given([created()]).when(renew()).then([renewed()]);
    let state = once.when(renew()).then([]).state();
    let mut before = given([created()]).state();
    before.endpoint.fingerprint = "17.5eed".to_owned();
    assert_eq!(state, before, "neither the URL nor the time of the last change");
}

#[test]
fn the_fingerprint_of_a_deleted_webhook_stays() {
    let deleted = given([created()]).when(Command::Delete).then([Deleted {}.into()]);
    let renew = Command::RenewFingerprint { fingerprint: "17.5eed".to_owned() };
    deleted.when(renew).then_rejected(Rejection::NotFound);
}

#[test]
fn disabling_and_deleting_take_authority_away() {
    let off = || given([created(), disabled(DisabledReason::Manual)]);
    assert!(given([created()]).when(enable(false)).revokes());
    assert!(given([created()]).when(Command::Disable(DisabledReason::Gone)).revokes());
    assert!(given([created()]).when(Command::Delete).revokes());
    assert!(!off().when(enable(true)).revokes());
    assert!(off().when(Command::Delete).revokes());
    assert!(!given([created()]).when(rotate(5)).revokes());
}
