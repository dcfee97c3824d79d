//! The rules of the registry of event types.

use latchhook_domain::event_types::{
    Command, EventTypes, EventTypesEvent, Put, Registered, Rejection, Removed,
};

use crate::specification::{Specification, minute};

fn given(events: impl IntoIterator<Item = EventTypesEvent>) -> Specification<EventTypes> {
    Specification::given(events)
}

fn completed() -> Put {
    Put {
        name: "report.completed".parse().unwrap(),
        description: Some("A report is ready.".to_owned()),
        schema: Some(r#"{"required":["id"]}"#.to_owned()),
    }
}

fn remove() -> Command {
    Command::Remove(completed().name)
}

fn removed() -> EventTypesEvent {
    Removed { name: completed().name }.into()
}

#[test]
fn a_type_is_registered() {
    let registry =
        given([]).when(Command::Put(completed())).then([completed().into()]).state().types;
    let Put { name, description, schema } = completed();
    let expected = Registered {
        name: name.clone(),
        description,
        schema,
        created_at: minute(1),
        updated_at: minute(1),
    };
    assert_eq!(Vec::from_iter(registry), [(name, expected)]);
}

#[test]
fn putting_what_is_registered_just_so_is_nothing() {
    given([completed().into()]).when(Command::Put(completed())).then_nothing_happened();
}

#[test]
fn putting_replaces_the_whole_but_for_its_creation() {
    let bare = Put { description: None, schema: None, ..completed() };
    let registry = given([completed().into()])
        .when(Command::Put(bare.clone()))
        .then([bare.clone().into()])
        .state();
    let changed = &registry.types[&bare.name];
    assert_eq!((&changed.description, &changed.schema), (&None, &None));
    assert_eq!((changed.created_at, changed.updated_at), (minute(0), minute(1)));
}

#[test]
fn a_description_or_a_schema_alone_is_a_change() {
    for changed in [Put { description: None, ..completed() }, Put { schema: None, ..completed() }] {
        given([completed().into()]).when(Command::Put(changed.clone())).then([changed.into()]);
    }
}

#[test]
fn a_registered_type_is_taken_out_and_with_the_last_every_type_is_taken_again() {
    let registry = given([completed().into()]).when(remove()).then([removed()]).state();
    assert_eq!(registry, EventTypes::default());
}

#[test]
fn what_is_not_registered_cannot_be_taken_out() {
    given([]).when(remove()).then_rejected(Rejection::NotFound);
    given([completed().into(), removed()]).when(remove()).then_rejected(Rejection::NotFound);
    let other = "report.created".parse().unwrap();
    given([completed().into()]).when(Command::Remove(other)).then_rejected(Rejection::NotFound);
}
