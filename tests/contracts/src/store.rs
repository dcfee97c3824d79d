//! Contract suite of [`Store`].

pub mod commits;
pub mod counters;
pub mod documents;
pub mod lists;
mod make;
pub mod numbers;
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
                events_read_back_in_order
                an_unknown_stream_is_empty
                a_stream_is_read_page_by_page
                long_streams_are_read_completely
                an_append_at_the_wrong_version_fails
                two_streams_are_appended_to_in_one_commit
                concurrent_appends_leave_no_gap
                the_history_lists_an_accounts_events_in_order
                the_history_has_two_parts
                the_streams_of_an_account_are_listed_by_kind
                appends_at_the_end_never_lose_a_race
                a_replay_keeps_the_order_of_each_stream
            }
        }
        mod documents {
            use super::*;
            $crate::promises! { $fixture, store::documents:
                a_document_reads_back_as_it_was_put
                documents_are_returned_in_the_order_of_the_keys
                what_is_said_to_be_absent_is_there_once_it_is_put
                what_was_put_ahead_may_be_put_again
                every_put_has_a_revision_of_its_own
                a_deleted_document_is_gone
                a_revision_never_comes_back_after_a_deletion
                a_revision_never_comes_back_after_an_expiry
                a_document_exists_until_it_expires
                an_expired_document_is_absent_to_conditions
                an_expired_document_is_not_listed_or_counted
                an_expired_document_that_is_put_again_has_new_entries_only
                a_glance_sees_a_document_as_its_sight_says
            }
        }
        mod commits {
            use super::*;
            $crate::promises! { $fixture, store::commits:
                a_commit_succeeds_if_its_conditions_hold
                a_failed_commit_names_the_first_broken_condition
                a_commit_does_not_happen_when_its_time_is_over
                a_failed_commit_changes_nothing
                a_condition_sees_every_earlier_commit
                one_of_many_writers_wins_a_revision
                a_condition_taken_before_a_deletion_fails_after_it
                an_empty_commit_changes_nothing
                what_is_put_ahead_of_a_commit_is_there_after_it
            }
        }
        mod counters {
            use super::*;
            $crate::promises! { $fixture, store::counters:
                a_counter_begins_at_zero_and_adds_up
                a_counter_never_goes_below_zero
                a_counter_is_held_to_its_limit
                a_limit_holds_under_forty_writers
                counters_and_documents_can_share_a_key
            }
        }
        mod numbers {
            use super::*;
            $crate::promises! { $fixture, store::numbers:
                numbers_add_up_by_their_names
                a_commit_that_does_not_happen_adds_nothing
                forty_writers_add_to_one_document
                numbers_are_listed_like_any_document
                numbers_exist_until_they_expire
            }
        }
        mod lists {
            use super::*;
            $crate::promises! { $fixture, store::lists:
                a_list_is_one_partition_in_order
                a_range_begins_inclusive_and_ends_exclusive
                sort_keys_compare_as_bytes
                a_long_list_is_complete
                an_index_lists_its_documents_in_order
                index_entries_are_replaced_by_each_put
                entries_of_a_document_that_expires_come_and_go
                deleting_a_document_removes_its_index_entries
                a_count_equals_the_length_of_the_list
            }
        }
    };
}
