//! Upcasting: events of older schema versions are read as the present one.
//!
//! A customer has lived through two changes of a schema: version 2 of `customer.renamed` gave a
//! field another name, and version 3 split it in two.

#![expect(unreachable_pub, reason = "the macro's enums are public, and so is what they hold")]

use serde::{Deserialize, Serialize};

use super::{Decider, StoredEvent as _, UnreadableEvent};
use crate::time::Timestamp;

events! {
    /// Event of a customer.
    CustomerEvent {
        /// The customer came.
        Came = "customer.came", 1;
        /// The customer's name changed.
        Renamed = "customer.renamed", 3, from { 1 => RenamedV1, 2 => RenamedV2 };
    }
}

/// The customer came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Came {}

/// The customer's name changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renamed {
    given_name: String,
    family_name: Option<String>,
}

/// Version 2.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RenamedV2 {
    full_name: String,
}

/// Version 1.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RenamedV1 {
    name: String,
}

impl From<RenamedV1> for RenamedV2 {
    fn from(RenamedV1 { name }: RenamedV1) -> Self {
        Self { full_name: name }
    }
}

impl From<RenamedV2> for Renamed {
    fn from(RenamedV2 { full_name }: RenamedV2) -> Self {
        let (given, family) = match full_name.split_once(' ') {
            Some((given, family)) => (given.to_owned(), Some(family.to_owned())),
            None => (full_name, None),
        };
        Self { given_name: given, family_name: family }
    }
}

impl From<RenamedV1> for Renamed {
    fn from(first: RenamedV1) -> Self {
        RenamedV2::from(first).into()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
struct Customer {
    names: Vec<(String, Option<String>)>,
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl Decider for Customer {
    type Command = Renamed;
    type Event = CustomerEvent;
    type Rejection = Never;

    fn decide(
        state: Option<&Self>,
        command: Renamed,
        _: Timestamp,
    ) -> Result<Vec<CustomerEvent>, Never> {
        let name = (command.given_name.clone(), command.family_name.clone());
        let is_so = state.is_some_and(|state| state.names.last() == Some(&name));
        Ok(if is_so { vec![] } else { vec![command.into()] })
    }

    fn evolve(state: Option<Self>, event: CustomerEvent, _: Timestamp) -> Option<Self> {
        let mut customer = state.unwrap_or_default();
        if let CustomerEvent::Renamed(Renamed { given_name, family_name }) = event {
            customer.names.push((given_name, family_name));
        }
        Some(customer)
    }
}

/// Stream as three releases have written it.
const STREAM: [(&str, u16, &str); 4] = [
    ("customer.came", 1, "{}"),
    ("customer.renamed", 1, r#"{"name":"Ada Byron"}"#),
    ("customer.renamed", 2, r#"{"full_name":"Ada"}"#),
    ("customer.renamed", 3, r#"{"given_name":"Ada","family_name":"Lovelace"}"#),
];

fn folded() -> Customer {
    let now = Timestamp::from_millis(0);
    let events = STREAM
        .iter()
        .map(|(name, version, payload)| CustomerEvent::read(name, *version, payload).unwrap());
    events.fold(None, |state, event| Customer::evolve(state, event, now)).unwrap()
}

fn name(given: &str, family: Option<&str>) -> (String, Option<String>) {
    (given.to_owned(), family.map(str::to_owned))
}

#[test]
fn a_stream_of_all_versions_folds_to_one_state() {
    let expected = [name("Ada", Some("Byron")), name("Ada", None), name("Ada", Some("Lovelace"))];
    assert_eq!(folded().names, expected);
}

#[test]
fn a_decision_on_old_events_is_written_in_the_present_version() {
    let now = Timestamp::from_millis(0);
    let again = Renamed { given_name: "Ada".to_owned(), family_name: Some("Lovelace".to_owned()) };
    assert_eq!(Customer::decide(Some(&folded()), again, now).unwrap(), []);
    let other = Renamed { given_name: "Ada".to_owned(), family_name: None };
    let events = Customer::decide(Some(&folded()), other, now).unwrap();
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!((event.name(), event.schema_version()), ("customer.renamed", 3));
    assert_eq!(event.payload().get(), r#"{"given_name":"Ada","family_name":null}"#);
}

#[test]
fn a_payload_is_read_by_the_schema_of_its_own_version_only() {
    for (of, payload) in STREAM[1..].iter().map(|(_, version, payload)| (*version, *payload)) {
        for version in 1..=3 {
            let read = CustomerEvent::read("customer.renamed", version, payload);
            assert_eq!(read.is_ok(), version == of, "{payload} as version {version}");
        }
        let newer = CustomerEvent::read("customer.renamed", 4, payload);
        let name = "customer.renamed".to_owned();
        let unknown = UnreadableEvent::Unknown { name, schema_version: 4 };
        assert_eq!(newer.unwrap_err().to_string(), unknown.to_string());
    }
}

#[test]
fn every_version_that_can_be_read_is_listed() {
    let stored = [
        ("customer.came", 1),
        ("customer.renamed", 3),
        ("customer.renamed", 1),
        ("customer.renamed", 2),
    ];
    assert_eq!(CustomerEvent::STORED, stored);
}
