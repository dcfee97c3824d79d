//! `latchhook export`: an installation in one file.

use std::{
    fs::OpenOptions,
    io::{self, BufWriter, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use moving::{Sealing, format::End};
use sealed::passphrase::Cost;

use crate::{
    backends::{self, Address, OpenBackend, Passphrase},
    context::Context,
    failure::Failure,
};

const EXAMPLES: &str = "\
Examples:
  latchhook export --passphrase-file passphrase backend.export
  latchhook export --from aws - | ssh elsewhere latchhook import --to /var/lib/latchhook -

Secrets in the file are sealed under the passphrase. An export of a data directory is of one moment,
taken while the server may run; but what that server does afterwards is not in it, so stop it first
when you move. A deployment on AWS must be still. With aws, the environment is that of the
deployment's functions.";

/// Arguments of `latchhook export`.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// aws, or a data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
    #[arg(long, value_name = "aws|DIR")]
    from: Option<Address>,
    #[command(flatten)]
    passphrase: Passphrase,
    /// Print JSON of what was exported
    #[arg(long)]
    json: bool,
    /// The file to write, which must not be there yet; - for standard output
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
}

/// Writes the file.
///
/// # Errors
/// [`Failure`], when the backend can't be read or the file can't be written. An incomplete file is
/// removed.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let passphrase = args.passphrase.read_new(context)?;
    let is_stream = args.file == Path::new("-");
    if !is_stream && args.file.exists() {
        return Err(Failure::Usage(format!("{} is already there", args.file.display())));
    }
    let from = args.from.unwrap_or_else(|| Address::Directory(super::data_dir(None, context)));
    let backend = backends::open_to_read(&from, context).await?;
    let sealing = Sealing {
        passphrase: &passphrase,
        cost: Cost::default(),
        pepper: &backend.pepper,
        key_prefix: &backend.key_prefix,
    };
    let written = if is_stream {
        write(&backend, &sealing, &mut BufWriter::new(io::stdout())).await
    } else {
        write_file(&backend, &sealing, &args.file).await
    };
    backend.close().await;
    let written = written?;
    let told = if args.json { json(&written) } else { told(&written) };
    if is_stream { eprintln(&told) } else { Ok(context.output.line(told)?) }
}

async fn write_file(
    backend: &OpenBackend,
    sealing: &Sealing<'_>,
    path: &Path,
) -> Result<End, Failure> {
    let failed = |why: io::Error| Failure::of("writing the export", why);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = file.map_err(failed)?;
    let mut to = BufWriter::new(&file);
    let written = write(backend, sealing, &mut to).await;
    let written = match written {
        Ok(end) => file.sync_all().map(|()| end).map_err(failed),
        Err(why) => Err(why),
    };
    if written.is_err() {
        // The incomplete file is useless; the first error is the one to report.
        _ = std::fs::remove_file(path);
    }
    written
}

async fn write(
    backend: &OpenBackend,
    sealing: &Sealing<'_>,
    to: &mut (dyn Write + Send),
) -> Result<End, Failure> {
    let written = moving::export(backend.ports(), sealing, to).await;
    written.map_err(|why| Failure::because("export", &why))
}

fn json(end: &End) -> String {
    let End { streams, events, secrets, undelivered, messages, seal: _ } = end;
    serde_json::json!({
        "streams": streams, "events": events, "secrets": secrets,
        "undelivered": undelivered, "messages": messages,
    })
    .to_string()
}

fn told(end: &End) -> String {
    format!(
        "{} streams with {} events and {} secrets, and {} undelivered events with {} attempts to \
         come, are exported",
        end.streams, end.events, end.secrets, end.undelivered, end.messages
    )
}

/// Prints to standard error when standard output is the file itself.
fn eprintln(line: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stderr(), "{line}")?)
}
