//! Commits: one transaction each, or one put, tried again when another was in the way.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::ReturnValuesOnConditionCheckFailure,
};
use backon::Retryable as _;
use domain::Timestamp;
use ports::{
    Commit, Unavailable,
    clock::sleeper,
    store::{CommitError, Condition, Write},
};

use super::{
    DynamoStore,
    attributes::{Item, read_text},
    plan::{Action, PartOf, Plan, Step},
    seen::{Was, holds},
};
use crate::failure::{is_passing, unavailable};

const WHAT: &str = "committing";
/// The reason of an item whose condition does not hold (DynamoDB API reference,
/// `TransactionCanceledException`).
const FAILED: &str = "ConditionalCheckFailed";
/// Reasons that pass by themselves, likewise.
const PASSING: &[&str] =
    &["TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"];

/// Why one try did not happen.
enum Lost {
    /// Another try would end no better.
    Final(CommitError),
    /// Something was in the way, or has changed since it was looked at.
    InTheWay,
}

impl<E: Into<CommitError>> From<E> for Lost {
    fn from(why: E) -> Self {
        Self::Final(why.into())
    }
}

impl DynamoStore {
    /// Everything of `commit` but its messages.
    pub(super) async fn change(&self, commit: &Commit) -> Result<(), CommitError> {
        if commit.appends.is_empty() && commit.writes.is_empty() {
            return Ok(());
        }
        let changed = (|| self.try_change(commit))
            .retry(self.backoff())
            .sleep(sleeper(&self.clock))
            .when(|lost| matches!(lost, Lost::InTheWay))
            .await;
        changed.map_err(|lost| match lost {
            Lost::Final(why) => why,
            Lost::InTheWay => CommitError::Contended,
        })
    }

    async fn try_change(&self, commit: &Commit) -> Result<(), Lost> {
        let seen = self.look_at(&commit.writes).await?;
        let now = self.clock.now();
        if let Some(known) = seen.first_failing(&commit.writes, now) {
            let index = self.first_failing(&commit.writes, known, now).await?;
            return Err(CommitError::ConditionFailed { index }.into());
        }
        let id = self.ids.ulid(now);
        let plan = Plan::of(commit, &seen, id, now)?;
        match &plan.steps[..] {
            [] => Ok(()),
            [Step { action: Action::Put(item), .. }] => self.put(&plan, item, commit, now).await,
            _ => self.transact(&plan, commit, now).await,
        }
    }

    /// One document alone costs half of what it would as a transaction. The SDK may have tried more
    /// than once: then what is in the way can be this very put.
    async fn put(
        &self,
        plan: &Plan,
        item: &Item,
        commit: &Commit,
        now: Timestamp,
    ) -> Result<(), Lost> {
        let mut put = self
            .client
            .put_item()
            .table_name(&self.tables.views)
            .set_item(Some(item.clone()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if let Some(guard) = &plan.steps[0].guard {
            put = put.condition_expression(guard.expression);
            for (name, value) in &guard.values {
                put = put.expression_attribute_values(*name, value.clone());
            }
        }
        let Err(error) = put.send().await else { return Ok(()) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                let there = failed.item();
                if there
                    .is_some_and(|there| read_text(there, "put_id").is_ok_and(|id| id == plan.id))
                {
                    return Ok(());
                }
                let reason = Reason { failed: true, passing: false, there };
                Err(lost(&[reason], plan, commit, now))
            }
            _ => Err(other(&error)),
        }
    }

    /// The plan's name makes a second try of the SDK's, after one that did happen, no second
    /// change.
    async fn transact(&self, plan: &Plan, commit: &Commit, now: Timestamp) -> Result<(), Lost> {
        let items = plan.steps.iter().map(|step| step.to_transact(&self.tables));
        let items: Vec<_> = items.collect::<Result<_, _>>()?;
        let write = self.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = write.client_request_token(&plan.id).send().await else { return Ok(()) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.as_service_error()
        else {
            return Err(other(&error));
        };
        let reasons = cancelled.cancellation_reasons().iter().map(|reason| Reason {
            failed: reason.code() == Some(FAILED),
            passing: reason.code().is_some_and(|code| PASSING.contains(&code)),
            there: reason.item(),
        });
        let reasons: Vec<Reason<'_>> = reasons.collect();
        if reasons.iter().any(|reason| reason.failed || reason.passing) {
            return Err(lost(&reasons, plan, commit, now));
        }
        Err(unavailable(WHAT, &error).into())
    }
}

/// Why one item of a plan was not written.
struct Reason<'a> {
    /// Its condition does not hold.
    failed: bool,
    /// Something was in the way.
    passing: bool,
    /// What is there instead.
    there: Option<&'a Item>,
}

/// What the commit has lost to, given the reason of each of its plan's steps: streams first, then
/// the first condition of its own that does not hold. Where neither is, it was in another's way, or
/// what it had seen has changed.
fn lost(reasons: &[Reason<'_>], plan: &Plan, commit: &Commit, now: Timestamp) -> Lost {
    let failed = || plan.steps.iter().zip(reasons).filter(|(_, reason)| reason.failed);
    let moved = failed().filter_map(|(step, _)| match step.part_of {
        PartOf::Append(index) => Some(index),
        PartOf::Write(_) | PartOf::Another => None,
    });
    if let Some(index) = moved.min() {
        return CommitError::StreamMoved { index }.into();
    }
    for (step, reason) in failed() {
        let PartOf::Write(index) = step.part_of else { continue };
        match is_the_callers(&commit.writes[index], reason.there, now) {
            Ok(true) => return CommitError::ConditionFailed { index }.into(),
            Ok(false) => {}
            Err(why) => return why.into(),
        }
    }
    Lost::InTheWay
}

/// Whether it is the caller's condition on `write` that does not hold, and not only ours that what
/// we saw is still there.
fn is_the_callers(
    write: &Write,
    there: Option<&Item>,
    now: Timestamp,
) -> Result<bool, Unavailable> {
    let condition = match write {
        // Ours would be that there is nothing or something expired: the same.
        Write::Put { condition: Condition::Absent, .. }
        | Write::Check { .. }
        | Write::Count { .. } => {
            return Ok(true);
        }
        Write::Put { condition, .. } | Write::Delete { condition, .. } => *condition,
    };
    let was = there.map(Was::read).transpose()?;
    Ok(!holds(condition, was.as_ref(), now))
}

/// An error that has no reasons.
fn other<E, R>(error: &SdkError<E, R>) -> Lost
where
    E: aws_smithy_types::error::metadata::ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug + 'static,
{
    if is_passing(error) { Lost::InTheWay } else { unavailable(WHAT, error).into() }
}
