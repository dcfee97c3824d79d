//! Settings of every binary: one table, and the code that reads it.
//!
//! [`table`] has every setting: its names, its default, and its parser. A binary takes some of
//! them, its [`Subset`]. [`read`] looks for each in flags, environment, file and defaults;
//! [`read_deployed`] in the environment alone. Both check everything and report every
//! [problem](Problems) at once, without repeating a secret. A `main` reads the process's
//! [`environment`] once and passes it on, so that a test needs none.
//!
//! A new setting is a constant in [`table`], a field of the binary's settings, and a line of its
//! [`Subset::read`]; its flag, its variable, its key in the file and its help follow.
//!
//! Every binary writes its log lines through [`MaskedLines`], which masks secrets in them.

mod branding;
mod choices;
mod envelope;
mod environment;
mod failing;
mod file;
mod jurisdictions;
mod limits;
mod lines;
mod parse;
mod problems;
mod reader;
mod secret_name;
mod setting;
mod sign_in;
mod sources;
pub mod table;
mod words;

use std::collections::BTreeMap;

pub use choices::{LogFormat, TraceLevel, VaultKind};
pub use environment::environment;
pub use lines::MaskedLines;
pub use problems::Problems;
pub use reader::{Reader, Subset, taken};
pub use secret_name::SecretName;
pub use setting::{Names, Setting};
pub use sign_in::{Provider, SignIn};
pub use sources::Flags;

use sources::Sources;

/// Reads the settings `S`, each from its flag, its variable, the file, or its default, in this
/// order.
///
/// # Errors
/// All problems, each with the place of its value; never a secret's value.
pub fn read<S: Subset>(flags: &Flags, env: &BTreeMap<String, String>) -> Result<S, Problems> {
    let mut problems = Problems::default();
    let sources = Sources::layered(flags, env, &taken::<S>(), &mut problems);
    Reader::read(&sources, problems)
}

/// Reads the settings `S` from the environment alone. There are no defaults, because a deployment
/// sets all of them.
///
/// # Errors
/// All problems, each with its variable; never a secret's value.
pub fn read_deployed<S: Subset>(env: &BTreeMap<String, String>) -> Result<S, Problems> {
    Reader::read(&Sources::environment(env), Problems::default())
}

#[cfg(test)]
mod tests;
