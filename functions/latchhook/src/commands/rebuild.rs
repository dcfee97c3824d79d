//! `latchhook rebuild`: all views, anew from the event store.

mod compare;
mod live;

use std::{path::PathBuf, sync::Arc};

use app::{rebuild::derive_all, views::collections::DERIVED};
use embedded::{Embedded, SystemClock};

use self::live::Live;
use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook rebuild --data-dir /var/lib/latchhook

The server must not be running. Live views that differ from the rebuilt ones are named, and the exit
code is 1; the rebuilt ones are swapped in either way.";
/// Differences that are named; the rest is counted.
const MOST_NAMED: usize = 20;

/// `latchhook rebuild …`
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Rebuilds.
///
/// # Errors
/// [`Failure`], when the directory is in use or can't be read, or the live views were not what the
/// events say.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let directory = super::data_dir(args.data_dir.as_ref(), context);
    if !directory.is_dir() {
        let why = format!("{} is not a data directory", directory.display());
        return Err(Failure::Usage(why));
    }
    let clock = Arc::new(SystemClock::new());
    let store = Embedded::open(&directory, &embedded::Options::default(), clock)
        .map_err(|why| Failure::because("opening the data directory", &why))?;
    let differences = swap(&store).await;
    store.close().await;
    let (views, differences) = differences?;
    for difference in differences.iter().take(MOST_NAMED) {
        context.output.line(difference)?;
    }
    match differences.len() {
        0 => {
            let line = format!("{views} views are rebuilt; each equals the one it replaces");
            Ok(context.output.line(line)?)
        }
        wrong => {
            Err(Failure::Failed(format!("{wrong} of {views} views differed, and are replaced")))
        }
    }
}

/// Replaces the live views by rebuilt ones; how many there are, and which differed.
async fn swap(store: &Embedded) -> Result<(usize, Vec<String>), Failure> {
    let failed = |why| Failure::because("rebuilding", &why);
    let rebuilt = derive_all(store)
        .await
        .map_err(|problem| Failure::of("replaying the events", problem.message))?;
    let live = Live::read(store).await.map_err(failed)?;
    let differences = compare::differences(&rebuilt, &live);
    let views = rebuilt.documents.len() + rebuilt.counts.len();
    let content = live.replaced_by(rebuilt);
    store.replace_collections(DERIVED, content).await.map_err(failed)?;
    Ok((views, differences))
}
