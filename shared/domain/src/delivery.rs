//! A delivery: one event on its way to one webhook.
//!
//! [`Delivery`] is its state, kept as a document; [`Delivery::attempted`] decides what follows an
//! attempt, and the [`Schedule`] when; [`WebhookHealth`] disables a webhook that fails everything.

mod attempt;
mod health;
mod schedule;
mod state;

pub use attempt::{Failure, FailureCode, Task, Trigger};
pub use health::{Failing, WebhookHealth};
pub use schedule::{
    LONGEST, LONGEST_OF_TESTS, MOST_RETRIES, Next, NotASchedule, Schedule, duration,
};
pub use state::{
    Attempted, Consequence, Delivery, MOST_LOGS, Made, NextAttempt, Settled, Standing, Status,
};
