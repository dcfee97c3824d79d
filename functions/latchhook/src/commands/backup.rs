//! `latchhook backup`: a consistent copy of a running server's data.

use std::path::{Path, PathBuf};

use embedded::Embedded;
use serde::Serialize;

use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook backup --data-dir /var/lib/latchhook \"latchhook-$(date +%F).backup\"

The copy is one moment's, taken while the server runs. Secrets in it are sealed: keep the data
directory's key ring too, somewhere else, or nothing in the copy can be revealed or signed with.";

/// Arguments of `latchhook backup`.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    data_dir: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// The file to write; it must not exist yet
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
}

/// Output of `--json`.
#[derive(Serialize)]
struct BackupReport<'a> {
    data_dir: &'a Path,
    file: &'a Path,
}

/// Makes the backup.
///
/// # Errors
/// [`Failure`], when there is nothing to copy, the file exists already, or it can't be written.
pub(crate) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let directory = super::data_dir(args.data_dir.as_ref(), context);
    let file = args.file.display();
    if args.file.exists() {
        return Err(Failure::Usage(format!("{file} is already there")));
    }
    if !directory.is_dir() {
        return Err(Failure::Usage(format!("{} is not a data directory", directory.display())));
    }
    Embedded::backup(&directory, &args.file).map_err(|why| Failure::because("backup", &why))?;
    if args.json {
        let copied = BackupReport { data_dir: &directory, file: &args.file };
        return Ok(context.output.json(&copied)?);
    }
    Ok(context.output.line(format_args!("{} is copied to {file}", directory.display()))?)
}
