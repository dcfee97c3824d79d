//! Promises that every life is held against once it is quiet. They say what the product promises,
//! and know no bug.

mod attempts;
mod ending;
mod events;
mod lists;
mod operational;
mod settings;
mod statements;

use latchhook_simulation::live_and_derived;
use serde_json::Value;

use crate::life::Life;

/// Asserts everything that is promised; the last of it lets all that is stored expire.
pub(crate) fn hold(life: &mut Life) {
    let (views, derived) = live_and_derived(&life.simulation.disk);
    assert_eq!(views, derived, "the views are not what the events lead to");
    for customer in 0..life.customers.len() {
        if life.customers[customer].is_open() {
            events::are_accepted_once(life, customer);
            events::are_delivered_or_settled(life, customer);
            attempts::keep_to_the_schedule(life, customer);
            settings::are_as_told(life, customer);
            lists::are_whole_and_in_order(life, customer);
            statements::agree_with_reality(life, customer);
        } else {
            ending::of_an_account(life, customer);
        }
    }
    events::nothing_is_left_of_the_erased(life);
    events::are_duplicated_with_an_excuse_only(life);
    attempts::are_of_the_right_customer_and_signed(life);
    statements::are_sent_once_an_hour(life);
    operational::everything_is_told(life);
    settings::history_is_in_order(life);
    settings::nothing_is_by_the_revoked(life);
    ending::of_secrets(life);
    ending::of_what_is_kept(life);
}

/// Text of a field.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Elements of a list.
fn each(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
