//! Simulated backend: the whole product, `app` and its router, in one thread and simulated time.
//!
//! A [`Simulation`] is a running Latchhook. Its [`Memory`] is the disk: what was committed survives
//! a [`crash`](Simulation::crash), everything else is forgotten. Its [`Network`] has receivers that
//! a test scripts. Its clock stands still until nobody can do anything any more, and then jumps to
//! the next thing that is due, so that 60 days pass in a moment and at exactly the times they
//! would.
//!
//! Every call of a port goes through [`Faults`]: it is counted, it is a place where the process can
//! die (before or after it took effect), and it fails as often as a test asks for. Which of the
//! runnable tasks goes on is drawn from the seed, so a run is the same every time, and another seed
//! is another interleaving.
//!
//! Nothing here opens a socket, a file or a thread, sleeps, or draws a random number.

mod apart;
mod bug;
mod call;
mod chance;
mod documented;
mod executor;
mod faults;
mod faulty;
mod functions;
mod glances;
mod held;
mod identity;
mod ids;
mod memory;
mod network;
mod process;
mod setup;
mod simulation;
mod views;

pub use apart::Apart;
pub use bug::Bug;
pub use call::{Answer, Call, OPERATOR_TOKEN};
pub use chance::Chance;
pub use faults::{Faults, LONGEST_LAG, Rates};
pub use functions::{Batches, Functions};
pub use held::Held;
pub use ids::SeededIds;
pub use memory::{Memory, VISIBILITY_TIMEOUT};
pub use network::{Hit, Network, Reply};
pub use setup::{NewWebhook, days, hours, minutes, seconds};
pub use simulation::{Simulation, Ticket};
pub use views::{Views, live_and_derived, views_of};
