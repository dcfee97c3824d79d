//! Lives: random programs of several customers under random faults, one a seed. Every life is held
//! against the same promises, and every deliberate bug of a backend breaks one of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod actions;
mod bugs;
mod every;
mod insist;
mod life;
mod promises;
mod round;
mod seeds;
mod world;
