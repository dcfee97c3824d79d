//! Golden documents: every form ever stored is read, and the present one is written byte for byte.
//!
//! `golden/<name>.<number>.json` is a document as it was stored. **Never edit a file.** Those of form
//! 1 are version 0.1.0's own, but that the number, which it left out, stands in front.

mod renamed;

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::{
    Capability, Timestamp,
    account::Account,
    delivery::{Delivery, NextAttempt, Status},
    event_types::{EventTypes, Registered},
    id::Ulid,
    key::{ApiKey, Settings},
    key_scopes::KeyScopes,
    operator_token::OperatorToken,
    webhook::Webhook,
};
use serde::Serialize;

use super::{
    Form, Health, KeptAnswer, PublicKeys, RecoveryProgress, Stored, StoredApiKey, StoredDelivery,
    StoredNames, StoredRegistered, StoredRequestRow, StoredState, StoredWebhook, Unreadable, Usage,
    WrittenRow, are_same, read,
    state::{StateDocument, read_state},
};
use crate::{
    auth::{OperatorSession, PortalToken},
    delivery::{
        batch::EventBatch,
        event::AcceptedEvent,
        log::{AttemptResult, DeliveryRow},
    },
    operational::ExpiryProgress,
    past_counts::CountOfPast,
    resources::{api_keys::Import, portal_sessions::Session, webhooks::StatementProgress},
    secrets::Loose,
    views::to_body,
};

/// Every golden file.
const GOLDEN: &[&str] = &[
    "account.1",
    "api_key.1",
    "api_key.2",
    "api_key_by_fingerprint.1",
    "api_key_by_fingerprint.2",
    "api_key_usage.1",
    "count_of_past.1",
    "delivery.1",
    "delivery_row.1",
    "event.1",
    "event.2",
    "event.3",
    "event_batch.1",
    "event_operational.3",
    "event_type.1",
    "event_type_names.1",
    "expiry_progress.1",
    "kept_answer.1",
    "kept_answer.2",
    "kept_answer.3",
    "key_import.1",
    "key_scopes.1",
    "loose_secret.1",
    "operator_session.1",
    "operator_token.1",
    "portal_session.1",
    "portal_session.2",
    "portal_token.1",
    "portal_token.2",
    "public_keys.1",
    "request_row.1",
    "statement_progress.1",
    "statement_progress_taken.1",
    "webhook.1",
    "webhook.2",
    "webhook_health.1",
    "webhook_health_told.1",
    "webhook_recovery.1",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/documents/golden")
}

fn golden(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.json"))).unwrap()
}

#[test]
fn every_golden_document_is_known() {
    let files = fs::read_dir(folder()).unwrap();
    let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name()).collect();
    let known = GOLDEN.iter().map(|name| format!("{name}.json").into());
    assert_eq!(files, known.collect());
}

/// Document without its number, as version 0.1.0 stored it.
fn unnumbered(body: &str) -> String {
    body.replacen(r#""format":1,"#, "", 1)
}

/// Holds that `again` reads a golden document, with and without number, and writes the same bytes.
fn is_written_as_it_was(name: &str, again: impl Fn(&[u8]) -> bytes::Bytes) {
    let body = golden(name);
    assert_eq!(again(body.as_bytes()), body.as_bytes(), "{name}");
    assert_eq!(again(unnumbered(&body).as_bytes()), body.as_bytes(), "{name} of 0.1.0");
}

fn state_is_written_as_it_was<S>(name: &str)
where
    S: StoredState<Form: Serialize + for<'a> From<&'a S>>,
{
    is_written_as_it_was(name, |body| {
        let read = read_state::<S::Form>(body).unwrap();
        let state: S = read.state.into();
        to_body(&StateDocument::<S::Form>::of(read.version, &state))
    });
}

#[test]
fn states_are_written_as_they_were() {
    state_is_written_as_it_was::<Account>("account.1");
    state_is_written_as_it_was::<KeyScopes>("key_scopes.1");
    state_is_written_as_it_was::<OperatorToken>("operator_token.1");
    let webhook = golden("webhook.2");
    let read = read_state::<StoredWebhook>(webhook.as_bytes()).unwrap();
    let state: Webhook = read.state.into();
    let written = StateDocument::<StoredWebhook>::of(read.version, &state);
    assert_eq!(to_body(&written), webhook.as_bytes());
    let key = golden("api_key.2");
    let read = read_state::<StoredApiKey>(key.as_bytes()).unwrap();
    let state: ApiKey = read.state.into();
    let written = StateDocument::<StoredApiKey>::of(read.version, &state);
    assert_eq!(to_body(&written), key.as_bytes());
    is_written_as_it_was("event_type_names.1", |body| {
        let read = read_state::<StoredNames>(body).unwrap();
        to_body(&StateDocument::<StoredNames>::of(read.version, read.state))
    });
}

#[test]
fn other_documents_are_written_as_they_were() {
    let key = golden("api_key_by_fingerprint.2");
    let read_again = read::<ApiKey>(key.as_bytes()).unwrap();
    assert_eq!(to_body(&StoredApiKey::under_fingerprint(&read_again)), key.as_bytes());
    is_written_as_it_was("event_type.1", |body| {
        to_body(&StoredRegistered::from(&read::<Registered>(body).unwrap()))
    });
    is_written_as_it_was("delivery.1", |body| {
        to_body(&StoredDelivery::from(&read::<Delivery>(body).unwrap()))
    });
    is_written_as_it_was("request_row.1", |body| {
        let WrittenRow { row, written_at } = read(body).unwrap();
        to_body(&StoredRequestRow::of(&row, written_at))
    });
    is_written_as_it_was("delivery_row.1", |body| to_body(&read::<DeliveryRow>(body).unwrap()));
    for name in ["event.3", "event_operational.3"] {
        let event = golden(name);
        assert_eq!(to_body(&read::<AcceptedEvent>(event.as_bytes()).unwrap()), event.as_bytes());
    }
    let progress = golden("expiry_progress.1");
    assert_eq!(to_body(&read::<ExpiryProgress>(progress.as_bytes()).unwrap()), progress.as_bytes());
    for name in ["statement_progress.1", "statement_progress_taken.1"] {
        let progress = golden(name);
        let read_again = read::<StatementProgress>(progress.as_bytes()).unwrap();
        assert_eq!(to_body(&read_again), progress.as_bytes());
    }
    let batch = golden("event_batch.1");
    assert_eq!(to_body(&read::<EventBatch>(batch.as_bytes()).unwrap()), batch.as_bytes());
    for name in ["webhook_health.1", "webhook_health_told.1"] {
        is_written_as_it_was(name, |body| to_body(&read::<Health>(body).unwrap()));
    }
    is_written_as_it_was("webhook_recovery.1", |body| {
        to_body(&read::<RecoveryProgress>(body).unwrap())
    });
    is_written_as_it_was("api_key_usage.1", |body| to_body(&read::<Usage>(body).unwrap()));
    is_written_as_it_was("key_import.1", |body| to_body(&read::<Import>(body).unwrap()));
    is_written_as_it_was("loose_secret.1", |body| to_body(&read::<Loose>(body).unwrap()));
    is_written_as_it_was("kept_answer.3", |body| to_body(&read::<KeptAnswer>(body).unwrap()));
    let keys = golden("public_keys.1");
    assert_eq!(to_body(&read::<PublicKeys>(keys.as_bytes()).unwrap()), keys.as_bytes());
    let session = golden("portal_session.2");
    assert_eq!(to_body(&read::<Session>(session.as_bytes()).unwrap()), session.as_bytes());
    is_written_as_it_was("operator_session.1", |body| {
        to_body(&read::<OperatorSession>(body).unwrap())
    });
    let token = golden("portal_token.2");
    assert_eq!(to_body(&read::<PortalToken>(token.as_bytes()).unwrap()), token.as_bytes());
    is_written_as_it_was("count_of_past.1", |body| to_body(&read::<CountOfPast>(body).unwrap()));
}

#[test]
fn an_answer_that_was_kept_whole_is_read() {
    let old = golden("kept_answer.1");
    for old in [unnumbered(&old), old.clone()] {
        let kept: KeptAnswer = read(old.as_bytes()).unwrap();
        assert_eq!((kept.shows, kept.secret_at), (None, None));
        let third = old.replacen(r#""format":1,"#, "", 1).replacen('{', r#"{"format":3,"#, 1);
        assert_eq!(to_body(&kept), third.as_bytes());
    }
}

#[test]
fn an_answer_that_was_kept_with_the_data_of_events_is_read() {
    let old = golden("kept_answer.2");
    let third = old.replacen(r#""format":2"#, r#""format":3"#, 1);
    assert_eq!(to_body(&read::<KeptAnswer>(old.as_bytes()).unwrap()), third.as_bytes());
}

#[test]
fn a_webhook_from_before_there_were_filters_receives_everything() {
    for body in [golden("webhook.1"), unnumbered(&golden("webhook.1"))] {
        let read = read_state::<StoredWebhook>(body.as_bytes()).unwrap();
        assert!(read.outdated);
        let webhook: Webhook = read.state.into();
        assert_eq!((webhook.filter, webhook.headers, webhook.rate_limit), (None, None, None));
        assert_eq!((webhook.public_key, webhook.previous_secrets.len()), (None, 1));
    }
}

#[test]
fn a_key_from_before_there_were_settings_may_do_everything() {
    for unchanged in [|body: &str| body.to_owned(), unnumbered] {
        let state = unchanged(&golden("api_key.1"));
        let state = read_state::<StoredApiKey>(state.as_bytes()).unwrap();
        assert!(state.outdated);
        let found = unchanged(&golden("api_key_by_fingerprint.1"));
        let found: ApiKey = read(found.as_bytes()).unwrap();
        assert_eq!(found, state.state.into());
        let settings = Settings { name: Some("rolled".to_owned()), ..Settings::default() };
        assert_eq!(found.settings, settings);
        assert_eq!((found.imported, found.revealable), (false, true));
    }
}

#[test]
fn an_event_that_had_its_object_alone_has_it_in_its_data() {
    let old = golden("event.1");
    for old in [unnumbered(&old), old.clone()] {
        let event: AcceptedEvent = read(old.as_bytes()).unwrap();
        assert_eq!(to_body(&event), of_form_3(&golden("event.2")));
    }
}

#[test]
fn an_event_from_before_any_was_erased_has_its_data() {
    let event: AcceptedEvent = read(golden("event.2").as_bytes()).unwrap();
    assert_eq!(event.erased_at, None);
    assert_eq!(to_body(&event), of_form_3(&golden("event.2")));
    let erased: AcceptedEvent = read(golden("event.3").as_bytes()).unwrap();
    let at = erased.erased_at.unwrap();
    assert_eq!(to_body(&event.erased(at)), golden("event.3").as_bytes());
}

/// Document of form 2 as it is written now.
fn of_form_3(body: &str) -> Vec<u8> {
    body.replacen(r#""format":2"#, r#""format":3"#, 1).into_bytes()
}

#[test]
fn a_portal_session_from_before_there_were_capabilities_may_do_everything() {
    for unchanged in [|body: &str| body.to_owned(), unnumbered] {
        let session = unchanged(&golden("portal_session.1"));
        let session: Session = read(session.as_bytes()).unwrap();
        let token = unchanged(&golden("portal_token.1"));
        let token: PortalToken = read(token.as_bytes()).unwrap();
        assert_eq!(session.terms.capabilities.list(), Capability::ALL);
        assert_eq!(token.capabilities.list(), Capability::ALL);
        assert_eq!(
            (session.terms.actor, session.terms.return_url, token.actor),
            (None, None, None)
        );
        assert_eq!(session.id.to_string(), "ps_01kg9gk8g0000000000000000b");
        assert_eq!(token.session.to_string(), "ps_01m8k0vck23w47rtg6s3j80gsh");
    }
}

fn of_another_number(body: &str) -> String {
    let named = |number: &u16| body.contains(&format!(r#""format":{number},"#));
    let number = (1..=3).rev().find(named).unwrap_or(1);
    body.replacen(&format!(r#""format":{number},"#), r#""format":999,"#, 1)
}

fn refuses_another_number<T: Stored>(name: &str) {
    let refused = read::<T>(of_another_number(&golden(name)).as_bytes()).map(drop).unwrap_err();
    let expected = format!(
        "a stored document ({}) has form 999; this release knows form {}",
        T::Form::NAME,
        T::Form::NUMBER,
    );
    assert_eq!(refused.to_string(), expected);
    let cut = &golden(name)[..20];
    assert!(matches!(read::<T>(cut.as_bytes()), Err(Unreadable::Damaged { .. })), "{name}");
}

#[test]
fn a_document_of_another_form_is_an_error_that_names_both_numbers() {
    refuses_another_number::<ApiKey>("api_key_by_fingerprint.1");
    refuses_another_number::<Registered>("event_type.1");
    refuses_another_number::<Delivery>("delivery.1");
    refuses_another_number::<DeliveryRow>("delivery_row.1");
    refuses_another_number::<AttemptResult>("delivery_row.1");
    refuses_another_number::<WrittenRow>("request_row.1");
    refuses_another_number::<AcceptedEvent>("event.2");
    refuses_another_number::<EventBatch>("event_batch.1");
    refuses_another_number::<Health>("webhook_health.1");
    refuses_another_number::<ExpiryProgress>("expiry_progress.1");
    refuses_another_number::<StatementProgress>("statement_progress.1");
    refuses_another_number::<RecoveryProgress>("webhook_recovery.1");
    refuses_another_number::<Usage>("api_key_usage.1");
    refuses_another_number::<Session>("portal_session.2");
    refuses_another_number::<PortalToken>("portal_token.2");
    refuses_another_number::<OperatorSession>("operator_session.1");
    refuses_another_number::<KeptAnswer>("kept_answer.1");
    refuses_another_number::<Loose>("loose_secret.1");
    refuses_another_number::<Import>("key_import.1");
    refuses_another_number::<CountOfPast>("count_of_past.1");
}

fn refuses_a_state_of_another_number<S: StoredState>(name: &str) {
    let body = of_another_number(&golden(name));
    let refused = read_state::<S::Form>(body.as_bytes()).map(drop);
    let Err(Unreadable::Form { number: 999, known, .. }) = refused else { panic!("{name}") };
    assert_eq!(known, S::Form::NUMBER);
}

#[test]
fn a_state_of_another_form_is_not_read_from_its_document() {
    refuses_a_state_of_another_number::<Account>("account.1");
    refuses_a_state_of_another_number::<ApiKey>("api_key.1");
    refuses_a_state_of_another_number::<Webhook>("webhook.1");
    refuses_a_state_of_another_number::<KeyScopes>("key_scopes.1");
    refuses_a_state_of_another_number::<OperatorToken>("operator_token.1");
}

#[test]
fn documents_are_the_same_with_the_first_number_or_without() {
    let body = golden("account.1");
    assert!(are_same(body.as_bytes(), unnumbered(&body).as_bytes()));
    assert!(!are_same(body.as_bytes(), of_another_number(&body).as_bytes()));
    assert!(!are_same(b"[]", b"[]") && !are_same(b"{", b"{"));
}

#[test]
fn a_document_of_an_older_form_is_the_same_if_what_it_has_is() {
    let old = golden("api_key.1");
    let read = read_state::<StoredApiKey>(old.as_bytes()).unwrap();
    let version = read.version;
    let key: ApiKey = read.state.into();
    let derived = to_body(&StateDocument::<StoredApiKey>::of(version, &key));
    assert!(are_same(&derived, old.as_bytes()));
    assert!(are_same(&derived, unnumbered(&old).as_bytes()));
    assert!(!are_same(old.as_bytes(), &derived), "a newer form");
    let other = old.replacen(r#""environment":"test""#, r#""environment":"live""#, 1);
    assert!(!are_same(&derived, other.as_bytes()));
}

#[test]
fn a_registry_lists_the_names_of_its_types() {
    let registered: Registered = read(golden("event_type.1").as_bytes()).unwrap();
    let mut registry = EventTypes::default();
    registry.types.insert(registered.name.clone(), registered);
    let body = to_body(&StateDocument::<StoredNames>::of(1, &registry));
    assert_eq!(&body[..], br#"{"format":1,"version":1,"state":["report.completed"]}"#);
}

#[test]
fn a_delivery_survives_being_stored() {
    let next =
        NextAttempt { slot: u16::MAX, due: Timestamp::MAX, message: Ulid::from(u128::MAX).into() };
    let extreme = Delivery {
        status: Status::Exhausted,
        run: u32::MAX,
        attempts: u32::MAX,
        first_attempt_at: Some(Timestamp::MAX),
        next: Some(next),
        last_response_status: Some(u16::MAX),
        last_message: Some(Ulid::from(u128::MAX).into()),
        logs: vec![Ulid::from(u128::MAX).into(); 100],
        ..Delivery::accepted(u32::MAX)
    };
    for delivery in [Delivery::accepted(0), Delivery::accepted(1).cancelled(), extreme] {
        let body = to_body(&StoredDelivery::from(&delivery));
        assert_eq!(read::<Delivery>(&body).unwrap(), delivery);
    }
}
