//! Use cases of the product, one function each, and the HTTP routers, one folder for each resource.
//!
//! The crate knows ports, not backends: it never opens a connection, a file or a thread, and takes
//! time and randomness from the [`Backend`]. Start reading at [`resources`], where each verb of the
//! API is one function: it takes the caller's access, lets a decider of `domain` decide on events,
//! and commits them once. [`views`] defines what is derived from events and where every document
//! is, and [`documents`] in which form; [`work`] is the only way to commit; [`delivery`] takes an accepted event to its receivers.

mod app;
mod as_of;
pub mod auth;
pub mod backend;
mod budgets;
mod checks;
mod counted;
pub mod delivery;
pub mod documents;
mod fold;
pub mod http;
mod kept;
mod lateness;
mod log_quota;
mod long_work;
pub mod moving;
mod network;
mod operational;
mod owner;
pub mod paging;
mod past_counts;
mod past_lists;
pub mod problem;
mod readings;
pub mod rebuild;
pub mod resealing;
pub mod resources;
pub mod secrets;
pub mod settings;
pub mod spans;
pub mod tally;
pub mod traces;
pub mod views;
pub mod work;

pub use app::App;
pub use backend::Backend;
pub use operational::Operational;
pub use past_counts::count_past;
pub use past_lists::list_past;
pub use settings::{NoRootToken, OperatorToken, OperatorTokenHash, Settings};
pub use tally::Tally;
