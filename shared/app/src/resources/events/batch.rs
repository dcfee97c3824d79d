//! Posting a batch of events: all of them are accepted, or none.
//!
//! One commit accepts them where a commit takes everything. Elsewhere the batch is accepted as a whole
//! first ([`crate::delivery::batch`]).

mod apart;
mod input;

use std::sync::Arc;

use domain::{
    Environment,
    answers::{LARGEST_CONTENT, length_in_json},
    delivery::Trigger,
    webhook::Webhook,
};
use ports::Commit;
use serde_json::value::RawValue;

use self::input::Item;
pub(crate) use self::input::PostEvents;
use super::{
    newly_accepted::NewlyAccepted,
    post::{NewEvent, checked},
};
use crate::{
    App,
    auth::Access,
    delivery::{
        accept::{Accepted, accepted},
        sns,
        subscribers::{subscribed, webhooks},
    },
    owner::owner,
    problem::{Code, Problem},
    work::{
        Answered, Reply, Work,
        idempotency::{Claim, Slot},
    },
};

/// Largest event of a batch as it is stored, with its deliveries, in bytes: every backend keeps that.
const LARGEST_EVENT: usize = 384 * 1024;

/// Event of a batch that was looked at.
enum Looked {
    /// New event, to be accepted.
    New(Box<New>),
    /// Answer to an event that was posted before under the same idempotency key.
    Known(Reply),
}

/// New event of a batch.
struct New {
    accepted: Accepted,
    /// Answer to it, if it had been posted alone.
    reply: Reply,
    slot: Option<Slot>,
}

/// Accepts a batch of events; `answer` answers to one of them, and `list` to all.
pub(crate) async fn post_all(
    app: &App,
    work: &Work,
    access: &Access,
    items: Vec<Item>,
    answer: impl Fn(NewlyAccepted<'_>) -> Reply,
    list: impl Fn(Vec<&RawValue>) -> Reply,
) -> Answered {
    let claims = claims((app, work), access, &items).await?;
    let work = &open_in(work, &items)?.as_was_read();
    let (mut all, mut size) = (Vec::with_capacity(items.len()), 0);
    let mut webhooks = Webhooks::default();
    for (index, (item, claim)) in items.into_iter().zip(claims).enumerate() {
        let slot = match claim {
            Some(Claim::Repeat(repeat)) => {
                let reply = work.repeated(repeat).await?;
                answered(&mut size, &reply)?;
                all.push(Looked::Known(reply));
                continue;
            }
            Some(Claim::Open(slot)) => Some(slot),
            None => None,
        };
        let new = one((app, work), access, item.new, &mut webhooks, &answer).await;
        let (accepted, reply) = new.map_err(|problem| at(index, problem))?;
        answered(&mut size, &reply)?;
        all.push(Looked::New(Box::new(New { accepted, reply, slot })));
    }
    let (mut bodies, mut new) = (Vec::with_capacity(all.len()), Vec::new());
    for looked in all {
        match looked {
            Looked::Known(reply) => bodies.push((raw(&reply.body)?, reply.data)),
            Looked::New(one) => {
                bodies.push((raw(&one.reply.body)?, one.reply.data.clone()));
                new.push(*one);
            }
        }
    }
    let reply = list(bodies.iter().map(|(body, _)| &**body).collect()).showing_all(&bodies);
    if new.is_empty() {
        work.keep(&reply).await?;
    } else if work.backend.queue.is_transactional() {
        at_once(work, new, &reply).await?;
    } else {
        apart::accept(work, access.id(), new, &reply).await?;
    }
    Ok(reply)
}

/// Adds the answer to one of the events to the `size` of the answer to all.
///
/// # Errors
/// When that is more than one answer can be.
fn answered(size: &mut usize, reply: &Reply) -> Result<(), Problem> {
    *size += length_in_json(&reply.body);
    if *size > LARGEST_CONTENT {
        let what = "has too many deliveries for one answer: post fewer events at a time";
        return Err(Code::PayloadTooLarge.of_which("events", what));
    }
    Ok(())
}

/// Claims the idempotency keys of the events that have one.
async fn claims(
    (app, work): (&App, &Work),
    access: &Access,
    items: &[Item],
) -> Result<Vec<Option<Claim>>, Problem> {
    let keyed = items.iter().filter_map(|item| item.claim.as_ref());
    let requests: Vec<_> = keyed.map(|claim| (&*claim.key, claim.request.as_bytes())).collect();
    if requests.is_empty() {
        return Ok(items.iter().map(|_| None).collect());
    }
    let owner = owner(work.authority.caller().ok_or(Code::PermissionDenied)?, Some(access.id()));
    let claims = Slot::claim_all(&app.backend, &app.running, &owner, &requests).await?;
    let mut claims = claims.into_iter();
    let of = |(index, item): (usize, &Item)| {
        let claim = item.claim.as_ref().and_then(|_| claims.next());
        claim.transpose().map_err(|problem| match problem.code {
            Code::Unavailable | Code::Internal => problem,
            _ => Problem { param: None, ..problem }
                .within(&format!("events[{index}].idempotency_key")),
        })
    };
    items.iter().enumerate().map(of).collect()
}

/// Returns `work` that is only done while every environment of the events is open to the account.
fn open_in(work: &Work, items: &[Item]) -> Result<Work, Problem> {
    let live = items.iter().position(|item| item.new.environment == Environment::Live);
    let environment = live.map_or(Environment::Test, |_| Environment::Live);
    work.open_in(environment).map_err(|problem| match live {
        Some(index) if problem.code == Code::AccountNotCredentialed => {
            problem.within(&format!("events[{index}].environment"))
        }
        _ => problem,
    })
}

/// Webhooks of the account, by environment, as far as they were read.
#[derive(Default)]
struct Webhooks(Vec<(Environment, Vec<Arc<Webhook>>)>);

impl Webhooks {
    async fn of(
        &mut self,
        app: &App,
        access: &Access,
        environment: Environment,
    ) -> Result<&[Arc<Webhook>], Problem> {
        let known = self.0.iter().position(|(known, _)| *known == environment);
        let place = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push((environment, webhooks(app, access.id(), environment).await?));
        }
        Ok(&self.0[place].1)
    }
}

/// Checks one event, and plans its acceptance.
async fn one(
    (app, work): (&App, &Work),
    access: &Access,
    new: NewEvent,
    webhooks: &mut Webhooks,
    answer: impl Fn(NewlyAccepted<'_>) -> Reply,
) -> Result<(Accepted, Reply), Problem> {
    let event = checked(app, work, access, new).await?;
    let webhooks = subscribed(app, webhooks.of(app, access, event.environment).await?, &event);
    sns::check_event(&work.backend.settings.envelope, &event, &webhooks)?;
    let accepted = accepted(work, event, &webhooks, Trigger::Schedule);
    if accepted.body.len() > LARGEST_EVENT {
        return Err(Code::PayloadTooLarge.of_which("data", "is too large with its deliveries"));
    }
    let reply = answer(NewlyAccepted { event: &accepted.event, webhooks: &webhooks, at: work.now });
    Ok((accepted, reply))
}

/// Accepts the events in one commit.
async fn at_once(work: &Work, new: Vec<New>, reply: &Reply) -> Result<(), Problem> {
    let mut commit = Commit::default();
    for New { accepted, reply, slot } in &new {
        commit.writes.extend_from_slice(&accepted.commit.writes);
        commit.writes.extend_from_slice(&accepted.cancelled);
        commit.messages.extend_from_slice(&accepted.commit.messages);
        commit.absent.extend_from_slice(&accepted.commit.absent);
        if let Some(slot) = slot {
            commit.writes.extend(slot.keep_in(&work.backend, work.now, reply, None).await?);
        }
    }
    work.committed(commit, reply).await
}

/// Returns the problem of the event at `index`; one of the backend is of none.
fn at(index: usize, problem: Problem) -> Problem {
    match problem.code {
        Code::Unavailable | Code::Internal => problem,
        _ => problem.within(&format!("events[{index}]")),
    }
}

/// Returns JSON as an entry of a list.
fn raw(json: &[u8]) -> Result<Box<RawValue>, Problem> {
    let text = String::from_utf8_lossy(json).trim_end().to_owned();
    RawValue::from_string(text).map_err(|_| Code::Internal.into())
}
