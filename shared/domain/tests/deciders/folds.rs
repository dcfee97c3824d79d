//! Properties of every decider, after any events and for any command.

use latchhook_domain::{Decider, StoredEvent, Timestamp};
use proptest::prelude::*;

use crate::{
    specification::fold,
    subjects::{Subject, instant},
};

type History<D> = Vec<(<D as Decider>::Event, Timestamp)>;

fn history<D: Subject>() -> impl Strategy<Value = History<D>> {
    prop::collection::vec((D::events(), instant()), 0..12)
}

fn replay<D: Decider>(state: Option<D>, history: History<D>) -> Option<D> {
    history.into_iter().fold(state, |state, (event, at)| D::evolve(state, event, at))
}

/// Returns the state after writing it as a document and reading it again.
fn through_a_document<D: Subject>(state: Option<&D>) -> Option<D> {
    serde_json::from_slice(&serde_json::to_vec(&state).unwrap()).unwrap()
}

fn folding_continues_from_a_stored_state<D: Subject>(
    mut before: History<D>,
    after: History<D>,
) -> Result<(), TestCaseError> {
    let kept = through_a_document(replay::<D>(None, before.clone()).as_ref());
    let resumed = replay(kept, after.clone());
    before.extend(after);
    prop_assert_eq!(resumed, replay::<D>(None, before));
    Ok(())
}

/// Checks that any command can follow any events: deciding does not panic, accepted events fold to
/// an existing state, and the same command again changes nothing.
fn an_accepted_command_given_again_changes_nothing<D: Subject>(
    history: History<D>,
    command: &D::Command,
    now: Timestamp,
) -> Result<(), TestCaseError> {
    let state = replay::<D>(None, history);
    let Ok(events) = D::decide(state.as_ref(), command.clone(), now) else { return Ok(()) };
    let after = if events.is_empty() { state } else { Some(fold(state, events, now).unwrap()) };
    if D::is_idempotent(command, now) {
        prop_assert_eq!(D::decide(after.as_ref(), command.clone(), now), Ok(vec![]));
    }
    Ok(())
}

fn an_event_is_read_as_it_was_written<D: Subject>(event: &D::Event) -> Result<(), TestCaseError> {
    let (name, version, payload) = (event.name(), event.schema_version(), event.payload());
    prop_assert!(D::Event::STORED.contains(&(name, version)));
    prop_assert_eq!(&D::Event::read(name, version, payload.get()), &Ok(event.clone()));
    Ok(())
}

macro_rules! holds_for {
    ($($module:ident: $subject:ty,)*) => {$(
        mod $module {
            use super::*;

            proptest! {
                #[test]
                fn folding_continues_from_a_stored_state(
                    before in history::<$subject>(), after in history::<$subject>()
                ) {
                    super::folding_continues_from_a_stored_state::<$subject>(before, after)?;
                }

                #[test]
                fn an_accepted_command_given_again_changes_nothing(
                    history in history::<$subject>(),
                    command in <$subject>::commands(),
                    now in instant(),
                ) {
                    super::an_accepted_command_given_again_changes_nothing::<$subject>(history, &command, now)?;
                }

                #[test]
                fn an_event_is_read_as_it_was_written(event in <$subject>::events()) {
                    super::an_event_is_read_as_it_was_written::<$subject>(&event)?;
                }
            }
        }
    )*};
}

holds_for! {
    account: latchhook_domain::account::Account,
    key: latchhook_domain::key::ApiKey,
    webhook: latchhook_domain::webhook::Webhook,
    event_types: latchhook_domain::event_types::EventTypes,
}
