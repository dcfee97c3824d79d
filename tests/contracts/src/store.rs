//! Contract suite of [`Store`].

pub mod commits;
pub mod counters;
pub mod documents;
pub mod lists;
mod make;
pub mod streams;

use std::{any::Any, sync::Arc};

use ports::{Queue, Store};

use crate::ManualClock;

/// Fixture of the suite: an empty backend.
pub struct Fixture {
    /// Store under test.
    pub store: Arc<dyn Store>,
    /// Queue that the store's commits send to.
    pub queue: Arc<dyn Queue>,
    /// Clock by which documents expire and messages become due.
    pub clock: Arc<ManualClock>,
    /// Resources that must live as long as the fixture.
    pub keeper: Box<dyn Any + Send + Sync>,
}

/// Generates the suite's tests.
#[macro_export]
macro_rules! store_suite {
    ($fixture:path) => {
        mod streams {
            use super::*;
            $crate::promises! { $fixture, store::streams:
                what_is_appended_reads_back_in_order
                a_stream_that_never_began_is_empty
                a_stream_is_read_from_a_version_on
                long_streams_are_read_whole
                an_append_at_another_version_is_lost
                two_streams_are_appended_to_in_one_commit
                concurrent_appends_leave_no_gap
                the_history_is_an_accounts_newest_first
                a_replay_keeps_the_order_of_each_stream
            }
        }
        mod documents {
            use super::*;
            $crate::promises! { $fixture, store::documents:
                what_is_put_reads_back
                documents_are_got_in_the_order_of_their_keys
                every_put_has_a_revision_of_its_own
                a_deleted_document_is_gone
                a_revision_never_comes_back_after_a_deletion
                a_revision_never_comes_back_after_an_expiry
                a_document_is_there_until_it_expires
                an_expired_document_is_absent_to_conditions
                an_expired_document_is_not_listed_or_counted
                an_expired_document_that_is_put_again_has_new_entries_only
            }
        }
        mod commits {
            use super::*;
            $crate::promises! { $fixture, store::commits:
                conditions_that_hold_let_a_commit_happen
                the_first_condition_that_does_not_hold_is_named
                a_lost_commit_leaves_nothing
                a_condition_sees_every_earlier_commit
                one_of_many_writers_wins_a_revision
                a_condition_taken_before_a_deletion_fails_after_it
                an_empty_commit_changes_nothing
            }
        }
        mod counters {
            use super::*;
            $crate::promises! { $fixture, store::counters:
                a_counter_begins_at_zero_and_adds_up
                a_counter_never_goes_below_zero
                a_counter_is_held_to_its_limit
                a_limit_holds_under_forty_writers
                counters_and_documents_do_not_meet
            }
        }
        mod lists {
            use super::*;
            $crate::promises! { $fixture, store::lists:
                a_list_is_one_partition_in_order
                a_range_begins_inclusive_and_ends_exclusive
                sort_keys_compare_as_bytes
                a_long_list_is_whole
                an_index_lists_the_documents_entered_there
                a_document_is_entered_where_its_last_put_says
                a_deleted_document_is_no_longer_entered
                what_is_listed_is_counted
            }
        }
    };
}
