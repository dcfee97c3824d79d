//! Registration of event types.

use domain::{
    event_types::{Command, EventTypes, Put, Registered, Rejection},
    webhook::EventType,
};

use super::{registry::registry, schema};
use crate::{
    checks::check_no_secret,
    problem::{Code, Problem},
    work::{Answered, Halt, Reply, Work, no_refusal},
};

/// Registers an event type, or changes it.
pub(crate) async fn put(work: &Work, put: Put, answer: impl Fn(Registered) -> Reply) -> Answered {
    check_no_secret("name", put.name.as_str())?;
    if let Some(schema) = &put.schema {
        check_no_secret("schema", schema)?;
        schema::check(schema)?;
    }
    let name = put.name.clone();
    decided(work, || Command::Put(put.clone()), &name, answer).await
}

/// Takes an event type out, and answers with the type as it was.
pub(crate) async fn remove(
    work: &Work,
    name: EventType,
    answer: impl Fn(Registered) -> Reply,
) -> Answered {
    decided(work, || Command::Remove(name.clone()), &name, answer).await
}

/// Decides `command` and answers with the type that it is about: as it is now, or as it was.
async fn decided(
    work: &Work,
    command: impl Fn() -> Command,
    name: &EventType,
    answer: impl Fn(Registered) -> Reply,
) -> Answered {
    let (command, answer) = (&command, &answer);
    work.run(|work| async move {
        let before = registry(&work.backend).await?;
        let change = work.change(before, command())?;
        let of = |registry: &EventTypes| registry.types.get(name).cloned();
        let before = change.before.as_ref().and_then(|before| of(&before.state));
        let registered = of(&change.after.state).or(before).ok_or(Code::NotFound)?;
        let reply = answer(registered);
        work.commit(change.commit, &reply, no_refusal).await?;
        Ok::<_, Halt>(reply)
    })
    .await
}

impl From<Rejection> for Problem {
    fn from(Rejection::NotFound: Rejection) -> Self {
        Code::NotFound.into()
    }
}
