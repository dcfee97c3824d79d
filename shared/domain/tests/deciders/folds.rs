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
    prop_assert_eq!(&D::Event::read(name, version, payload.get()).unwrap(), event);
    Ok(())
}

macro_rules! holds_for {
    ($($module:ident: $subject:ty,)*) => {$(
        mod $module {
            use super::*;

            proptest! {
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
