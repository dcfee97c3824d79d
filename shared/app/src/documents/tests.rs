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
    key::ApiKey,
    webhook::Webhook,
};
use serde::Serialize;

use super::{
    Form, Health, KeptAnswer, Stored, StoredApiKey, StoredDelivery, StoredNames, StoredRegistered,
    StoredRequestRow, StoredState, Unreadable, Usage, WrittenRow, are_same, read,
    state::{StateDocument, read_state},
};
use crate::{
    auth::PortalToken,
    delivery::{
        event::AcceptedEvent,
        log::{AttemptResult, DeliveryRow},
    },
    past_counts::CountOfPast,
    resources::portal_sessions::Session,
    secrets::Loose,
    views::to_body,
};

/// Every golden file.
const GOLDEN: &[&str] = &[
    "account.1",
    "api_key.1",
    "api_key_by_fingerprint.1",
    "api_key_usage.1",
    "count_of_past.1",
    "delivery.1",
    "delivery_row.1",
    "event.1",
    "event_type.1",
    "event_type_names.1",
    "kept_answer.1",
    "kept_answer.2",
    "loose_secret.1",
    "portal_session.1",
    "portal_session.2",
    "portal_token.1",
    "portal_token.2",
    "request_row.1",
    "webhook.1",
    "webhook_health.1",
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
    state_is_written_as_it_was::<ApiKey>("api_key.1");
    state_is_written_as_it_was::<Webhook>("webhook.1");
    is_written_as_it_was("event_type_names.1", |body| {
        let read = read_state::<StoredNames>(body).unwrap();
        to_body(&StateDocument::<StoredNames>::of(read.version, read.state))
    });
}

#[test]
fn other_documents_are_written_as_they_were() {
    let again = |body: &[u8]| read::<ApiKey>(body).unwrap();
    is_written_as_it_was("api_key_by_fingerprint.1", |body| {
        to_body(&StoredApiKey::under_fingerprint(&again(body)))
    });
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
    is_written_as_it_was("event.1", |body| to_body(&read::<AcceptedEvent>(body).unwrap()));
    is_written_as_it_was("webhook_health.1", |body| to_body(&read::<Health>(body).unwrap()));
    is_written_as_it_was("api_key_usage.1", |body| to_body(&read::<Usage>(body).unwrap()));
    is_written_as_it_was("loose_secret.1", |body| to_body(&read::<Loose>(body).unwrap()));
    is_written_as_it_was("kept_answer.2", |body| to_body(&read::<KeptAnswer>(body).unwrap()));
    let session = golden("portal_session.2");
    assert_eq!(to_body(&read::<Session>(session.as_bytes()).unwrap()), session.as_bytes());
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
        let second = old.replacen(r#""format":1,"#, "", 1).replacen('{', r#"{"format":2,"#, 1);
        assert_eq!(to_body(&kept), second.as_bytes());
    }
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
    let number = if body.contains(r#""format":2,"#) { 2 } else { 1 };
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
    refuses_another_number::<AcceptedEvent>("event.1");
    refuses_another_number::<Health>("webhook_health.1");
    refuses_another_number::<Usage>("api_key_usage.1");
    refuses_another_number::<Session>("portal_session.2");
    refuses_another_number::<PortalToken>("portal_token.2");
    refuses_another_number::<KeptAnswer>("kept_answer.1");
    refuses_another_number::<Loose>("loose_secret.1");
    refuses_another_number::<CountOfPast>("count_of_past.1");
}

fn refuses_a_state_of_another_number<S: StoredState>(name: &str) {
    let body = of_another_number(&golden(name));
    let refused = read_state::<S::Form>(body.as_bytes()).map(drop);
    assert!(matches!(refused, Err(Unreadable::Form { number: 999, known: 1, .. })), "{name}");
}

#[test]
fn a_state_of_another_form_is_not_read_from_its_document() {
    refuses_a_state_of_another_number::<Account>("account.1");
    refuses_a_state_of_another_number::<ApiKey>("api_key.1");
    refuses_a_state_of_another_number::<Webhook>("webhook.1");
}

#[test]
fn documents_are_the_same_with_the_first_number_or_without() {
    let body = golden("account.1");
    assert!(are_same(body.as_bytes(), unnumbered(&body).as_bytes()));
    assert!(!are_same(body.as_bytes(), of_another_number(&body).as_bytes()));
    assert!(!are_same(b"[]", b"[]") && !are_same(b"{", b"{"));
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
