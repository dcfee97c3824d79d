//! Passphrase of an export: from a file or the environment, never from an argument, which every
//! user of the machine can read.

use std::{fs, path::PathBuf};

use domain::Secret;
use zeroize::Zeroizing;

use crate::{context::Context, failure::Failure};

/// Environment variable of the passphrase.
const VARIABLE: &str = "LATCHHOOK_PASSPHRASE";
/// Smallest number of characters of the passphrase of a new file.
const LEAST: usize = 12;

/// Source of the passphrase.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
pub(crate) struct Passphrase {
    /// A file whose first line is the passphrase [env, the passphrase itself: LATCHHOOK_PASSPHRASE]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Passphrase {
    /// Reads the passphrase for opening a file.
    pub(crate) fn read(&self, context: &Context) -> Result<Secret, Failure> {
        let found = match &self.passphrase_file {
            None => context.var(VARIABLE).map(Secret::new),
            Some(path) => {
                let text = fs::read_to_string(path).map(Zeroizing::new);
                let text = text.map_err(|why| Failure::of("reading the passphrase", why))?;
                text.lines().next().filter(|line| !line.is_empty()).map(Secret::new)
            }
        };
        let missing = format!("a passphrase is needed: {VARIABLE} or --passphrase-file");
        found.ok_or(Failure::Usage(missing))
    }

    /// Reads the passphrase for sealing a new file.
    pub(crate) fn read_new(&self, context: &Context) -> Result<Secret, Failure> {
        let passphrase = self.read(context)?;
        if passphrase.expose().chars().count() < LEAST {
            let why = format!("the passphrase must have at least {LEAST} characters");
            return Err(Failure::Usage(why));
        }
        Ok(passphrase)
    }
}
