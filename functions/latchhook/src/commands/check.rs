//! `latchhook check`: whether everything in a data directory is as it was written.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use embedded::{Embedded, SystemClock, SystemIds};
use ports::Chain;
use sealed::{
    DATA_KEYS, SECRETS, SealedVault,
    ring_file::{self, IfMissing},
};
use serde::Serialize;

use super::rebuild;
use crate::{backends::snapshot, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook check --data-dir /var/lib/latchhook
  latchhook check --data-dir /var/lib/latchhook --json

Reads everything and changes nothing: the write-ahead log, the pages and the checksum of every row of
the database; whether every view is what the events say; and whether the key ring opens every secret.
The server may be running. Problems are named, and the exit code is 1 then. What to do with them is in
docs/operations.md, under Damage.";

/// Number of documents read at a time.
const CHUNK: usize = 5_000;

/// Arguments of `latchhook check`.
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
}

/// Output of `--json`.
#[derive(Debug, Default, Serialize)]
struct Report {
    /// Number of views that were compared with the events.
    views: usize,
    /// Number of data keys and secrets that the key ring was to open.
    secrets: usize,
    /// Everything that is wrong.
    problems: Vec<String>,
}

/// Checks the data directory.
///
/// # Errors
/// [`Failure`], when there is none, or something is wrong with it.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let directory = super::data_dir(args.data_dir.as_ref(), context);
    if !directory.is_dir() {
        return Err(Failure::Usage(format!("{} is not a data directory", directory.display())));
    }
    let checked = Embedded::check(&directory).map_err(|why| Failure::because("check", &why))?;
    let mut report = Report { problems: checked.problems, ..Report::default() };
    // What is in a row means something only if the row is as it was written.
    if report.problems.is_empty() {
        report.meaning(&directory).await?;
    }
    if args.json {
        context.output.json(&report)?;
    } else {
        for problem in &report.problems {
            context.output.line(problem)?;
        }
    }
    match report.problems.len() {
        0 if args.json => Ok(()),
        0 => Ok(context.output.line(format_args!(
            "{} is whole: {} views are what the events say, and the key ring opens {} secrets",
            directory.display(),
            report.views,
            report.secrets,
        ))?),
        problems => Err(Failure::of("check", format_args!("{problems} problems were found"))),
    }
}

impl Report {
    /// Checks what is written, on a copy of one moment: a server may be running.
    async fn meaning(&mut self, directory: &Path) -> Result<(), Failure> {
        let copy = snapshot(directory)?;
        let clock = Arc::new(SystemClock::new());
        let store = Embedded::open(copy.path(), &embedded::Options::default(), clock)
            .map_err(|why| Failure::because("opening the copy", &why))?;
        let compared = match rebuild::upgrade(&store).await {
            Ok(()) => rebuild::compared(&store).await,
            Err(why) => Err(why),
        };
        match compared {
            Ok((rebuilt, differences)) => {
                self.views = rebuilt.documents.len() + rebuilt.counts.len();
                self.problems.extend(differences.iter().map(ToString::to_string));
            }
            Err(why) => self.problems.push(why.to_string()),
        }
        let opened = self.secrets(directory, &store).await;
        store.close().await;
        opened
    }

    async fn secrets(&mut self, directory: &Path, store: &Embedded) -> Result<(), Failure> {
        let ids = Arc::new(SystemIds::new());
        let ring = embedded::ring_in(directory);
        let ring = match ring_file::load_or_create(&ring, IfMissing::Refuse, &*ids) {
            Ok(ring) => ring,
            Err(why) => {
                self.problems.push(Failure::because("the key ring", &why).to_string());
                return Ok(());
            }
        };
        let vault = SealedVault::new(Arc::new(store.clone()), ids, ring);
        for collection in [DATA_KEYS, SECRETS] {
            let mut after = None;
            loop {
                let found = store.scan_documents(collection, after.take(), CHUNK).await;
                let found = found.map_err(|why| Failure::because("reading secrets", &why))?;
                let Some(last) = found.last() else { break };
                after = Some(last.document.key.clone());
                for sealed in &found {
                    self.secrets += 1;
                    if let Err(why) = vault.check(&sealed.document).await {
                        let key = &sealed.document.key;
                        let place = key.partition.as_str();
                        self.problems.push(format!("{place} {}: {}", key.sort, Chain(&why)));
                    }
                }
            }
        }
        Ok(())
    }
}
