//! Counting of requests that are not written one by one, as rows of the API log.

use domain::id::{AccountId, KeyId};
use ports::store::Write;

use crate::{
    App,
    counted::{ALONG, Due, Whose},
    documents::RequestRow,
    tally::Spent,
};

impl App {
    /// Counts a request of `account` that was refused for its `key`.
    pub(crate) async fn count_refusal(&self, account: AccountId, key: KeyId, request: RequestRow) {
        let whose = (account, Some(key));
        if self.counted.has(whose, request.created_at)
            || self.backend.keeps(account, &request).await
        {
            self.count(whose, request).await;
        } else {
            self.count_unkept(account, request).await;
        }
    }

    /// Counts a request of `account` whose row is not kept.
    pub(crate) async fn count_unkept(&self, account: AccountId, request: RequestRow) {
        self.backend.tally.spent(Spent::LogRows);
        self.count((account, None), request).await;
    }

    /// Writes every count that has changed since it was written, and forgets those of minutes that
    /// are over. To be called each minute and at the end, by a backend that can.
    pub async fn write_counts(&self) {
        let due = self.counted.all(|_| true, self.backend.now());
        self.write_due(due).await;
    }

    /// Writes the counts of `account`, so that a list of its log has them.
    pub(crate) async fn write_counts_of(&self, account: AccountId) {
        let due = self.counted.all(|(owner, _)| *owner == account, self.backend.now());
        self.write_due(due).await;
    }

    async fn count(&self, whose: Whose, request: RequestRow) {
        let due = self.counted.count(&self.backend, whose, request);
        self.write_due(due).await;
    }

    /// Writes rows, a few at a time. One that can't be written is tried again with its next count.
    async fn write_due(&self, due: Vec<Due>) {
        for due in due.chunks(ALONG + 1) {
            let writes: Vec<Write> = due.iter().map(|due| due.write(&self.backend)).collect();
            match self.write_rows(writes).await {
                Ok(()) => self.counted.written(due),
                Err(problem) => {
                    tracing::warn!(code = problem.code.as_str(), "counts could not be logged");
                }
            }
        }
    }
}
