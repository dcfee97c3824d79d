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
fn registering_the_same_type_again_changes_nothing() {
    given([completed().into()]).when(Command::Put(completed())).then_nothing_happened();
}

#[test]
fn registering_again_replaces_all_but_the_creation_time() {
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
fn changing_only_the_description_or_the_schema_is_recorded() {
    for changed in [Put { description: None, ..completed() }, Put { schema: None, ..completed() }] {
        given([completed().into()]).when(Command::Put(changed.clone())).then([changed.into()]);
    }
}

#[test]
fn without_the_last_registered_type_every_type_is_accepted_again() {
    let registry = given([completed().into()]).when(remove()).then([removed()]).state();
    assert_eq!(registry, EventTypes::default());
}

#[test]
fn an_unregistered_type_cannot_be_removed() {
    given([]).when(remove()).then_rejected(Rejection::NotFound);
    given([completed().into(), removed()]).when(remove()).then_rejected(Rejection::NotFound);
    let other = "report.created".parse().unwrap();
    given([completed().into()]).when(Command::Remove(other)).then_rejected(Rejection::NotFound);
}
