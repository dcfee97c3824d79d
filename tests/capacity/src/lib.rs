//! Model of a stack on AWS in simulated time: what happens when more comes than AWS takes at once.
//!
//! A [`Run`] puts a [`Load`] on a [`Stack`], and ends with [`Figures`]. Of the product there are the units
//! that each operation takes of each partition ([`tests/aws/ledger.json`], which a test at the wire holds),
//! the template's parameters, the schedule of retries (`domain`), and its pauses after a throttled call. AWS
//! is a model: partitions and tables that throttle, queues with a limit of messages in flight that prefer
//! quiet accounts, and functions that grow. Receivers and senders are a model, too.
//!
//! The product itself runs in `tests/simulation`, which holds its promises when calls fail; it would take
//! days for the 300 million attempts of these loads. Nothing here waits for real time.
//!
//! [`tests/aws/ledger.json`]: https://github.com/latchhook/latchhook/blob/main/tests/aws/ledger.json

mod cases;
mod chance;
mod charges;
mod dynamo;
mod figures;
mod load;
mod queue;
mod run;
mod stack;
mod template;

pub use cases::{Case, cases, table};
pub use figures::{Delays, Figures};
pub use load::{Load, Outage, Receiver};
pub use run::Run;
pub use stack::Stack;

/// Time since the beginning of a run, or a duration, in milliseconds.
pub type Millis = u64;

/// A second.
pub const SECOND: Millis = 1000;
/// A minute.
pub const MINUTE: Millis = 60 * SECOND;
