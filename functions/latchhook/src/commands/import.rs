//! `latchhook import`: writes an exported installation to a backend.

use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use moving::{Export, Imported};
use serde::Serialize;

use crate::{
    backends::{self, Address, Passphrase},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook import --to /var/lib/latchhook --passphrase-file passphrase backend.export
  latchhook import --to aws backend.export

Nothing is written before the whole file was found to be as it was exported, and nothing is
delivered before all of it is there. It can be stopped and repeated: what is there is passed over,
and nothing is ever replaced, so it does not ask.
The old backend must stay stopped from now on, or both deliver. With aws, the environment is that of
the deployment's functions.";

/// Arguments of `latchhook import`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// aws, or a data directory, created if it doesn't exist
    #[arg(long, value_name = "aws|DIR")]
    to: Address,
    #[command(flatten)]
    passphrase: Passphrase,
    /// Print JSON of what was imported
    #[arg(long)]
    json: bool,
    /// The file; - for standard input
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
}

/// Imports the file.
///
/// # Errors
/// [`Failure`], when the file is refused, the new backend can't be opened, or it already has other
/// data in a place that the import needs.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let passphrase = args.passphrase.read(context)?;
    let file = open(&args.file).map_err(|why| Failure::of("reading the export", why))?;
    let mut export = Export::open(BufReader::new(file), &passphrase)
        .map_err(|why| Failure::because("the export", &why))?;
    let backend = backends::open_for(export.pepper(), &args.to, context).await?;
    let imported = moving::import(backend.ports(), &mut export).await;
    let imported = imported.map_err(|why| Failure::because("import", &why));
    let prefixes = (export.header().key_prefix.clone(), backend.key_prefix.clone());
    let note = backend.note;
    backend.close().await;
    let done = imported?;
    let mut notes = Vec::new();
    if prefixes.0 != prefixes.1 {
        notes.push(format!(
            "API keys began with {}, and new ones will begin with {}: see LATCHHOOK_KEY_PREFIX",
            prefixes.0, prefixes.1
        ));
    }
    notes.extend(note.map(str::to_owned));
    if args.json {
        return Ok(context.output.json(&Report::of(&done, notes))?);
    }
    context.output.line(format_args!(
        "{} streams and {} undelivered events are imported, {} were there already, {} attempts are \
         to come",
        done.streams, done.undelivered, done.there, done.messages
    ))?;
    notes.iter().try_for_each(|note| Ok(context.output.line(note)?))
}

/// Output of `--json`.
#[derive(Serialize)]
struct Report {
    streams: u64,
    undelivered: u64,
    already_there: u64,
    messages: u64,
    notes: Vec<String>,
}

impl Report {
    fn of(done: &Imported, notes: Vec<String>) -> Self {
        let Imported { streams, undelivered, there, messages } = *done;
        Self { streams, undelivered, already_there: there, messages, notes }
    }
}

/// Opens the file so that it can be read more than once: standard input is first copied to a file
/// that nobody else can see.
fn open(path: &Path) -> io::Result<File> {
    if path != Path::new("-") {
        return File::open(path);
    }
    let mut kept = tempfile::tempfile()?;
    io::copy(&mut io::stdin(), &mut kept)?;
    Ok(kept)
}
