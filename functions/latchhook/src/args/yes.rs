//! Consent to actions that can't be undone.

use clap::Args;

use crate::{context::Context, failure::Failure};

/// Flag `--yes`, for commands that ask first.
#[derive(Args, Debug, Clone, Copy)]
pub(crate) struct Yes {
    /// Do it without asking; needed where there is no terminal to ask on
    #[arg(long, short)]
    yes: bool,
}

impl Yes {
    /// Returns whether somebody has to be asked before `what` is done.
    ///
    /// # Errors
    /// [`Failure::Usage`] when nobody can be asked and `--yes` was not given.
    pub(crate) fn has_to_ask(self, context: &Context, what: &str) -> Result<bool, Failure> {
        match (self.yes, context.person.is_some()) {
            (true, _) => Ok(false),
            (false, true) => Ok(true),
            (false, false) => {
                let why =
                    format!("{what} can't be undone, and nobody can be asked here: add --yes");
                Err(Failure::Usage(why))
            }
        }
    }
}
