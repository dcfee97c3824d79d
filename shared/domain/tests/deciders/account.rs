//! The rules of an account.

use latchhook_domain::{
    Environment,
    account::{
        Account, AccountEvent, Closed, Command, CredentialWithdrawn, Credentialed,
        DEFAULT_WEBHOOK_QUOTA, EventErased, Opened, PortalSessionEnded, PortalSessionOpened,
        PortalSessionShown, Rejection, Renamed, WebhookQuotaChanged,
    },
    id::{AccountId, EventId, PortalSessionId, Ulid},
};

use crate::specification::{Specification, minute};

fn given(events: impl IntoIterator<Item = AccountEvent>) -> Specification<Account> {
    Specification::given(events)
}

fn id() -> AccountId {
    AccountId(Ulid::from(1))
}

fn open() -> Command {
    Command::Open {
        id: id(),
        name: "Acme".to_owned(),
        external_id: Some("customer-7".to_owned()),
        webhook_quota: DEFAULT_WEBHOOK_QUOTA,
    }
}

fn opened() -> AccountEvent {
    let (name, external_id) = ("Acme".to_owned(), Some("customer-7".to_owned()));
    Opened { id: id(), name, external_id, webhook_quota: 2 }.into()
}

fn update() -> Command {
    Command::Update { name: None, credentialed: None, webhook_quota: None }
}

fn credential(credentialed: bool) -> Command {
    Command::Update { name: None, credentialed: Some(credentialed), webhook_quota: None }
}

fn open_portal_session() -> Command {
    Command::OpenPortalSession { session: PortalSessionId(Ulid::from(2)), expires_at: minute(60) }
}

#[test]
fn live_needs_a_credentialed_account_and_test_does_not() {
    let has = |events: Vec<AccountEvent>| {
        let account = given(events).state();
        [Environment::Test, Environment::Live].map(|environment| account.has(environment))
    };
    assert_eq!(has(vec![opened()]), [true, false]);
    assert_eq!(has(vec![opened(), Credentialed {}.into()]), [true, true]);
    let withdrawn = vec![opened(), Credentialed {}.into(), CredentialWithdrawn {}.into()];
    assert_eq!(has(withdrawn), [true, false]);
}

#[test]
fn an_account_opens_with_live_mode_closed() {
    let account = given([]).when(open()).then([opened()]).state();
    let expected = Account {
        id: id(),
        name: "Acme".to_owned(),
        external_id: Some("customer-7".to_owned()),
        credentialed_at: None,
        webhook_quota: 2,
        created_at: minute(1),
        closed_at: None,
    };
    assert_eq!(account, expected);
}

#[test]
fn an_account_opens_only_once() {
    given([opened()]).when(open()).then_rejected(Rejection::AlreadyOpen);
    given([opened(), Closed {}.into()]).when(open()).then_rejected(Rejection::AlreadyOpen);
}

#[test]
fn commands_to_an_unknown_account_are_rejected() {
    for command in [update(), credential(true), open_portal_session(), Command::Close] {
        given([]).when(command).then_rejected(Rejection::NotFound);
    }
}

#[test]
fn an_update_changes_the_given_fields() {
    let everything = Command::Update {
        name: Some("Acme Inc.".to_owned()),
        credentialed: Some(true),
        webhook_quota: Some(5),
    };
    let account = given([opened()])
        .when(everything)
        .then([
            Renamed { name: "Acme Inc.".to_owned() }.into(),
            Credentialed {}.into(),
            WebhookQuotaChanged { webhook_quota: 5 }.into(),
        ])
        .state();
    assert_eq!((account.name.as_str(), account.webhook_quota), ("Acme Inc.", 5));
    assert_eq!(account.credentialed_at, Some(minute(1)));
}

#[test]
fn an_update_to_the_same_values_changes_nothing() {
    given([opened()]).when(update()).then_nothing_happened();
    let same = Command::Update {
        name: Some("Acme".to_owned()),
        credentialed: Some(false),
        webhook_quota: Some(2),
    };
    given([opened()]).when(same).then_nothing_happened();
}

#[test]
fn credentialing_opens_live_mode_and_withdrawing_closes_it_again() {
    let credentialed = given([opened()]).when(credential(true)).then([Credentialed {}.into()]);
    let withdrawn =
        credentialed.at(minute(2)).when(credential(false)).then([CredentialWithdrawn {}.into()]);
    let restored = withdrawn.at(minute(3)).when(credential(true)).then([Credentialed {}.into()]);
    assert_eq!(restored.state().credentialed_at, Some(minute(3)));
    let withdrawn = given([opened(), Credentialed {}.into(), CredentialWithdrawn {}.into()]);
    assert!(!withdrawn.state().is_credentialed());
}

#[test]
fn credentialing_again_keeps_the_first_date() {
    given([opened(), Credentialed {}.into()]).when(credential(true)).then_nothing_happened();
}

#[test]
fn a_portal_session_is_recorded_and_changes_nothing() {
    let happened =
        PortalSessionOpened { session: PortalSessionId(Ulid::from(2)), expires_at: minute(60) };
    let after = given([opened()]).when(open_portal_session()).then([happened.into()]);
    assert_eq!(after.state(), given([opened()]).state());
}

#[test]
fn the_end_of_a_portal_session_is_recorded_and_changes_nothing() {
    let session = PortalSessionId(Ulid::from(2));
    let happened = PortalSessionEnded { session };
    let command = Command::EndPortalSession { session };
    let after = given([opened()]).when(command).then([happened.into()]);
    assert_eq!(after.state(), given([opened()]).state());
}

#[test]
fn the_erasure_of_an_event_is_recorded_and_changes_nothing() {
    let event = EventId(Ulid::from(2));
    let command = Command::EraseEvent { event };
    let after = given([opened()]).when(command).then([EventErased { event }.into()]);
    assert_eq!(after.state(), given([opened()]).state());
}

#[test]
fn a_portal_session_that_is_shown_again_is_recorded_and_changes_nothing() {
    let session = PortalSessionId(Ulid::from(2));
    let happened = PortalSessionShown { session };
    let command = Command::ShowPortalSession { session };
    let after = given([opened()]).when(command).then([happened.into()]);
    assert_eq!(after.state(), given([opened()]).state());
}

#[test]
fn an_account_closes_at_the_instant() {
    let account = given([opened()]).when(Command::Close).then([Closed {}.into()]).state();
    assert_eq!((account.is_closed(), account.closed_at), (true, Some(minute(1))));
}

#[test]
fn closing_twice_changes_nothing() {
    given([opened(), Closed {}.into()]).when(Command::Close).then_nothing_happened();
}

#[test]
fn a_closed_account_rejects_every_command() {
    for command in [update(), credential(true), credential(false), open_portal_session()] {
        given([opened(), Closed {}.into()]).when(command).then_rejected(Rejection::Closed);
    }
}

#[test]
fn closing_and_withdrawing_the_credential_take_authority_away() {
    let vouch = |credentialed| Command::Update {
        name: None,
        credentialed: Some(credentialed),
        webhook_quota: None,
    };
    let credentialed = || given([opened(), Credentialed {}.into()]);
    assert!(given([opened()]).when(Command::Close).revokes());
    assert!(credentialed().when(vouch(false)).revokes());
    assert!(!given([opened()]).when(vouch(true)).revokes());
    assert!(!credentialed().when(vouch(true)).revokes());
}
