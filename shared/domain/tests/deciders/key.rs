//! The rules of an API key.

use std::time::Duration;

use latchhook_domain::{
    Environment, KeyType, Timestamp,
    id::{AccountId, KeyId, Ulid},
    key::{
        ApiKey, Command, Created, ExpirySet, FingerprintRenewed, ImportUndone, KeyEvent, Metadata,
        Rejection, Revealed, Rolled, Settings, Updated,
    },
    limits::OwnRate,
};

use crate::specification::{Specification, minute};

const MILLISECOND: Duration = Duration::from_millis(1);

fn given(events: impl IntoIterator<Item = KeyEvent>) -> Specification<ApiKey> {
    Specification::given(events)
}

fn key() -> Created {
    Created {
        id: KeyId(Ulid::from(1)),
        account: AccountId(Ulid::from(2)),
        key_type: KeyType::Secret,
        environment: Environment::Test,
        name: Some("backend".to_owned()),
        redacted: "lh_sk_test_****abcd".to_owned(),
        fingerprint: "5eed".to_owned(),
        expires_at: None,
        imported: false,
        revealable: true,
        scopes: None,
        metadata: Metadata::default(),
        rate_limit: None,
        allowed_networks: None,
    }
}

fn imported() -> Created {
    Created { imported: true, revealable: false, redacted: "****".to_owned(), ..key() }
}

fn restricted() -> Settings {
    Settings {
        name: Some("reports".to_owned()),
        scopes: Some(vec!["reports:read".parse().unwrap()]),
        metadata: Metadata::from([("plan".to_owned(), "free".to_owned())]),
        rate_limit: OwnRate::new(5, 60).ok(),
        allowed_networks: Some(vec!["203.0.113.0/24".parse().unwrap()]),
    }
}

fn live() -> Created {
    Created { environment: Environment::Live, ..key() }
}

fn expiring(at: Timestamp) -> Created {
    Created { expires_at: Some(at), ..key() }
}

fn create(key: Created) -> Command {
    Command::Create { key, credentialed: false }
}

fn expire(at: impl Into<Option<Timestamp>>) -> Command {
    Command::Expire { at: at.into() }
}

fn successor() -> KeyId {
    KeyId(Ulid::from(3))
}

fn roll(at: impl Into<Option<Timestamp>>) -> Command {
    Command::Roll { successor: successor(), at: at.into() }
}

fn expiry_set(at: impl Into<Option<Timestamp>>) -> KeyEvent {
    ExpirySet { expires_at: at.into() }.into()
}

fn rolled(at: impl Into<Option<Timestamp>>) -> KeyEvent {
    Rolled { replaced_by: successor(), expires_at: at.into() }.into()
}

#[test]
fn a_key_is_created_with_the_given_properties() {
    let created = given([]).when(create(key())).then([key().into()]).state();
    let expected = ApiKey {
        id: KeyId(Ulid::from(1)),
        account: AccountId(Ulid::from(2)),
        key_type: KeyType::Secret,
        environment: Environment::Test,
        settings: Settings { name: Some("backend".to_owned()), ..Settings::default() },
        redacted: "lh_sk_test_****abcd".to_owned(),
        fingerprint: "5eed".to_owned(),
        created_at: minute(1),
        expires_at: None,
        replaced_by: None,
        imported: false,
        revealable: true,
        undone: false,
    };
    assert_eq!(created, expected);
}

#[test]
fn a_key_is_created_only_once() {
    given([key().into()]).when(create(key())).then_rejected(Rejection::AlreadyCreated);
}

#[test]
fn a_live_key_needs_a_credentialed_account() {
    given([]).when(create(live())).then_rejected(Rejection::NotCredentialed);
    given([]).when(Command::Create { key: live(), credentialed: true }).then([live().into()]);
}

#[test]
fn a_key_cannot_be_created_expired() {
    for at in [minute(0), minute(1)] {
        given([]).when(create(expiring(at))).then_rejected(Rejection::InThePast);
    }
    let soon = minute(1).plus(MILLISECOND);
    given([]).when(create(expiring(soon))).then([expiring(soon).into()]);
}

#[test]
fn commands_to_an_unknown_key_are_rejected() {
    for command in [expire(None), expire(minute(0)), roll(minute(1)), Command::Reveal] {
        given([]).when(command).then_rejected(Rejection::NotFound);
    }
}

#[test]
fn expiring_now_takes_effect_at_the_instant() {
    let key = given([key().into()]).when(expire(minute(1))).then([expiry_set(minute(1))]).state();
    assert!(!key.is_expired(minute(1).minus(MILLISECOND)));
    assert!(key.is_expired(minute(1)));
}

#[test]
fn an_expiry_can_be_set_moved_and_removed() {
    let set = given([key().into()]).when(expire(minute(9))).then([expiry_set(minute(9))]);
    let later = set.when(expire(minute(30))).then([expiry_set(minute(30))]);
    let sooner = later.when(expire(minute(5))).then([expiry_set(minute(5))]);
    let never = sooner.when(expire(None)).then([expiry_set(None)]).state();
    assert!(!never.is_expired(Timestamp::MAX));
}

#[test]
fn setting_the_same_expiry_changes_nothing() {
    given([key().into()]).when(expire(None)).then_nothing_happened();
    given([expiring(minute(9)).into()]).when(expire(minute(9))).then_nothing_happened();
}

#[test]
fn an_expiry_in_the_past_is_rejected() {
    let before = minute(1).minus(MILLISECOND);
    given([key().into()]).when(expire(before)).then_rejected(Rejection::InThePast);
    given([key().into()]).when(roll(before)).then_rejected(Rejection::InThePast);
}

#[test]
fn expired_keys_stay_expired_from_the_instant() {
    for now in [minute(5), minute(6)] {
        for command in [expire(None), expire(minute(0)), expire(minute(9)), roll(None)] {
            given([expiring(minute(5)).into()])
                .at(now)
                .when(command)
                .then_rejected(Rejection::AlreadyExpired);
        }
    }
    let just_before = minute(5).minus(MILLISECOND);
    given([expiring(minute(5)).into()]).at(just_before).when(expire(None)).then([expiry_set(None)]);
}

#[test]
fn rolling_now_names_the_successor_and_takes_effect_at_the_instant() {
    let old = given([key().into()]).when(roll(minute(1))).then([rolled(minute(1))]).state();
    assert_eq!(old.replaced_by, Some(successor()));
    assert!(old.is_expired(minute(1)));
}

#[test]
fn a_key_rolled_with_an_overlap_works_until_it_ends() {
    let old = given([key().into()]).when(roll(minute(9))).then([rolled(minute(9))]).state();
    assert!(!old.is_expired(minute(9).minus(MILLISECOND)));
    assert!(old.is_expired(minute(9)));
}

#[test]
fn rolling_never_extends_an_expiry() {
    let dying = || given([expiring(minute(5)).into()]);
    dying().when(roll(minute(9))).then([rolled(minute(5))]);
    dying().when(roll(None)).then([rolled(minute(5))]);
    dying().when(roll(minute(3))).then([rolled(minute(3))]);
    given([key().into()]).when(roll(None)).then([rolled(None)]);
}

#[test]
fn a_key_has_at_most_one_successor() {
    let rejected = || Rejection::AlreadyRolled(successor());
    for at in [minute(1), minute(9)] {
        let once = || given([key().into()]).when(roll(at)).then([rolled(at)]);
        // Whether it still works or not.
        for now in [minute(1), minute(5), minute(9)] {
            for again in [roll(minute(1)), roll(minute(9)), roll(None)] {
                once().at(now).when(again).then_rejected(rejected());
            }
        }
    }
}

#[test]
fn every_reveal_is_recorded_and_changes_nothing() {
    let once = given([key().into()]).when(Command::Reveal).then([Revealed {}.into()]);
    let twice = once.when(Command::Reveal).then([Revealed {}.into()]);
    assert_eq!(twice.state(), given([key().into()]).state());
}

#[test]
fn a_renewed_fingerprint_takes_the_place_of_the_old_one_even_of_an_expired_key() {
    let renew = || Command::RenewFingerprint { fingerprint: "17.5eed".to_owned() };
    let renewed = || FingerprintRenewed { fingerprint: "17.5eed".to_owned() }.into();
    let once = given([expiring(minute(5)).into()]).at(minute(9)).when(renew()).then([renewed()]);
    let twice = once.when(renew()).then([]);
    let expected = Created { fingerprint: "17.5eed".to_owned(), ..expiring(minute(5)) };
    assert_eq!(twice.state(), given([expected.into()]).state());
}

#[test]
fn only_an_expiry_at_once_takes_authority_away() {
    let created = || given([key().into()]);
    assert!(created().when(expire(minute(1))).revokes());
    assert!(created().when(roll(minute(1))).revokes());
    assert!(!created().when(expire(minute(2))).revokes());
    assert!(!given([expiring(minute(2)).into()]).when(expire(None)).revokes());
    assert!(!created().when(Command::Reveal).revokes());
}

#[test]
fn settings_are_changed_as_a_whole() {
    let update = || Command::Update(restricted());
    let once = given([key().into()]).when(update()).then([Updated::from(restricted()).into()]);
    let twice = once.when(update()).then([]);
    assert_eq!(twice.state().settings, restricted());
}

#[test]
fn settings_of_an_expired_key_stay() {
    let expired = || given([expiring(minute(5)).into()]).at(minute(5));
    expired().when(Command::Update(restricted())).then_rejected(Rejection::AlreadyExpired);
}

#[test]
fn fewer_scopes_take_authority_away_and_more_of_them_do_not() {
    let change = |from: Settings, to: Settings| {
        given([key().into(), Updated::from(from).into()]).when(Command::Update(to)).revokes()
    };
    let named = Settings { name: None, ..restricted() };
    assert!(change(Settings::default(), restricted()));
    assert!(!change(restricted(), Settings::default()));
    assert!(!change(restricted(), named));
}

#[test]
fn a_key_that_was_imported_by_its_hash_is_never_shown() {
    given([imported().into()]).when(Command::Reveal).then_rejected(Rejection::NotRevealable);
    given([Created { revealable: true, ..imported() }.into()])
        .when(Command::Reveal)
        .then([Revealed {}.into()]);
}

#[test]
fn a_key_whose_import_was_undone_is_gone() {
    let undone = || given([imported().into(), ImportUndone {}.into()]);
    for command in [expire(None), roll(None), Command::Reveal, Command::Update(restricted())] {
        undone().when(command).then_rejected(Rejection::NotFound);
    }
    let once = given([imported().into()]).when(Command::UndoImport);
    assert!(given([imported().into()]).when(Command::UndoImport).revokes());
    once.then([ImportUndone {}.into()]).when(Command::UndoImport).then_nothing_happened();
}
