//! Commits: one transaction each, or one put, retried after a conflict.
//!
//! A transaction charges each of its items twice. So what means nothing without the rest is not part
//! of it: entries of documents that expire are put before them, and a reader passes over an entry
//! whose document does not have it; those that a document no longer has are deleted after it. What is
//! left is often a single document, which takes no transaction.

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::{put_item::PutItemError, transact_write_items::TransactWriteItemsError},
    types::ReturnValuesOnConditionCheckFailure,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use backon::Retryable as _;
use domain::Timestamp;
use ports::{
    Commit, Corrupt, ReadError, Unavailable,
    clock::sleeper,
    store::{Append, CommitError, Condition, Write},
};

use super::{
    DynamoStore,
    attributes::{Item, document_key, key_of},
    batch::How,
    plan::{Action, PartOf, Plan, Step},
    seen::{PriorDocument, holds},
};
use crate::failure::{is_passing, unavailable};

const WHAT: &str = "committing";
/// Code of an item whose condition does not hold (DynamoDB API reference,
/// `TransactionCanceledException`).
const FAILED: &str = "ConditionalCheckFailed";
/// Code of a service that broke down over a call (DynamoDB Developer Guide, "Error handling").
const BROKEN: &str = "InternalServerError";
/// Codes of temporary failures (DynamoDB API reference, `TransactionCanceledException`).
const PASSING: &[&str] =
    &["TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"];

/// Reason why one try failed.
enum Failure {
    /// Another try would fail as well.
    Final(CommitError),
    /// No answer came, so that it may have happened.
    Unanswered(Unavailable),
    /// There was a conflict, or an item has changed since it was read.
    Conflict,
}

impl<E: Into<CommitError>> From<E> for Failure {
    fn from(why: E) -> Self {
        Self::Final(why.into())
    }
}

impl DynamoStore {
    /// Applies everything of `commit` but its messages.
    pub(super) async fn change(&self, commit: &Commit) -> Result<(), CommitError> {
        if commit.appends.is_empty() && commit.writes.is_empty() && commit.ahead.is_empty() {
            return Ok(());
        }
        let changed = (|| self.try_change(commit))
            .retry(self.backoff())
            .sleep(sleeper(&self.clock))
            .when(|lost| matches!(lost, Failure::Conflict))
            .await;
        changed.map_err(|lost| match lost {
            Failure::Final(why) => why,
            Failure::Unanswered(why) => why.into(),
            Failure::Conflict => CommitError::Contended,
        })
    }

    async fn try_change(&self, commit: &Commit) -> Result<(), Failure> {
        let seen = self.look_at(&commit.writes).await?;
        let now = self.clock.now();
        if let Some(known) = seen.first_failing(&commit.writes, now) {
            let index = self.first_failing(&commit.writes, known, now).await?;
            return Err(CommitError::ConditionFailed { index }.into());
        }
        let id = self.ids.ulid(now);
        let versions = self.versions(&commit.appends).await?;
        let plan = Plan::of(commit, &versions, &seen, id, now)?;
        self.put_all(&plan.ahead).await?;
        let done = match &plan.steps[..] {
            [] => Ok(()),
            [Step { action: Action::Put(item), .. }] => self.put(&plan, item, commit, now).await,
            _ => self.transact(&plan, commit, now).await,
        };
        match done {
            Err(Failure::Unanswered(_)) if self.happened(&plan).await => {}
            done => done?,
        }
        self.let_go(&plan.after).await;
        Ok(())
    }

    /// Returns whether `plan` was carried out although no answer came: a document that it puts
    /// carries its name then. False if that can't be told.
    async fn happened(&self, plan: &Plan) -> bool {
        let put_by = |item: &Item| plan.has_put(item);
        let document = plan.steps.iter().find_map(|step| match &step.action {
            Action::Put(item) if put_by(item) => key_of(item).ok(),
            _ => None,
        });
        let Some(key) = document else { return false };
        let there =
            self.fetch_one(&self.tables.views, document_key(&key), How::only("revision")).await;
        there.is_ok_and(|there| there.as_ref().is_some_and(put_by))
    }

    /// Returns the version at which each append begins: the expected one, or the stream's end.
    async fn versions(&self, appends: &[Append]) -> Result<Vec<u64>, ReadError> {
        let mut versions = Vec::with_capacity(appends.len());
        for Append { stream, expected_version, .. } in appends {
            versions.push(match expected_version {
                Some(expected) => *expected,
                None => self.end_of(*stream).await?,
            });
        }
        Ok(versions)
    }

    /// Puts a single document without a transaction, which costs half as much. The SDK may have
    /// tried more than once: then the conflicting item can come from this very put.
    async fn put(
        &self,
        plan: &Plan,
        item: &Item,
        commit: &Commit,
        now: Timestamp,
    ) -> Result<(), Failure> {
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
                if there.is_some_and(|there| plan.has_put(there)) {
                    return Ok(());
                }
                let reason = Reason { failed: true, passing: false, there };
                Err(lost(&[reason], plan, commit, now))
            }
            _ => Err(other(error)),
        }
    }

    /// Runs a plan as one transaction. The plan's name is the idempotency token, so that a repeated
    /// try of the SDK after a success changes nothing.
    async fn transact(&self, plan: &Plan, commit: &Commit, now: Timestamp) -> Result<(), Failure> {
        let items = plan.steps.iter().map(|step| step.to_transact(&self.tables));
        let items: Vec<_> = items.collect::<Result<_, _>>()?;
        let write = self.client.transact_write_items().set_transact_items(Some(items));
        let Err(error) = write.client_request_token(&plan.id).send().await else { return Ok(()) };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
            error.as_service_error()
        else {
            return Err(other(error));
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
        Err(unavailable(WHAT, error).into())
    }
}

/// Reason why one item of a plan was not written.
struct Reason<'a> {
    /// True if its condition does not hold.
    failed: bool,
    /// True if the failure is temporary.
    passing: bool,
    /// Item that is there instead.
    there: Option<&'a Item>,
}

/// Returns the error of the commit, given the reason of each of its plan's steps: streams first,
/// then the first of its own conditions that does not hold. If there is neither, another commit was
/// in the way, or an item has changed since it was read.
fn lost(reasons: &[Reason<'_>], plan: &Plan, commit: &Commit, now: Timestamp) -> Failure {
    let failed = || plan.steps.iter().zip(reasons).filter(|(_, reason)| reason.failed);
    let moved = failed().filter_map(|(step, _)| match step.part_of {
        // One that appends at the end has lost a race, and tries again.
        PartOf::Append(index) => commit.appends[index].expected_version.map(|_| index),
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
    Failure::Conflict
}

/// Returns whether the caller's condition on `write` does not hold, and not only our own condition
/// that the item is as it was read.
fn is_the_callers(write: &Write, there: Option<&Item>, now: Timestamp) -> Result<bool, Corrupt> {
    let condition = match write {
        // Our own condition would be that there is nothing or something expired, which is the same.
        Write::Put { condition: Condition::Absent, .. }
        | Write::Check { .. }
        | Write::Count { .. } => {
            return Ok(true);
        }
        Write::Put { condition, .. } | Write::Delete { condition, .. } => *condition,
    };
    let was = there.map(PriorDocument::read).transpose()?;
    Ok(!holds(condition, was.as_ref(), now))
}

/// Converts an error that has no reasons.
fn other<E, R>(error: SdkError<E, R>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    if is_passing(&error) {
        return Failure::Conflict;
    }
    let code = error.as_service_error().map(ProvideErrorMetadata::code);
    let is_answered = code.is_some_and(|code| code != Some(BROKEN));
    let why = unavailable(WHAT, error);
    if is_answered { why.into() } else { Failure::Unanswered(why) }
}
