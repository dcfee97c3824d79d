//! `latchhook rebuild`: all views, anew from the event store.

#[cfg(feature = "aws")]
mod aws;
mod compare;
mod live;

use std::{path::PathBuf, sync::Arc};

use app::{
    rebuild::derive_all,
    views::{Derivation, collections::DERIVED},
};
use embedded::{Embedded, SystemClock};
use ports::Store;

use self::{compare::Difference, live::Live};
use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook rebuild --data-dir /var/lib/latchhook
  latchhook rebuild --aws

Live views that differ from the rebuilt ones are named, and the exit code is 1; the rebuilt ones are
swapped in either way. The server of a data directory must not be running. A deployment on AWS, the
one that the environment is of, goes on meanwhile: there, what changes in the meantime is left as it
is, and only what differs is written.";
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
    /// Rebuild the deployment on AWS that the environment is of
    #[arg(long, conflicts_with = "data_dir")]
    aws: bool,
}

/// Rebuilds.
///
/// # Errors
/// [`Failure`], when the directory is in use or can't be read, or the live views were not what the
/// events say.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let (views, differences) = if args.aws {
        #[cfg(not(feature = "aws"))]
        return Err(crate::house::without_aws());
        #[cfg(feature = "aws")]
        aws::mend(&crate::house::rooms(context).await?.store).await?
    } else {
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
        differences?
    };
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
async fn swap(store: &Embedded) -> Result<(usize, Vec<Difference>), Failure> {
    let failed = |why| Failure::because("rebuilding", &why);
    let rebuilt = rebuilt(store).await?;
    let live = Live::read(store).await.map_err(failed)?;
    let differences = compare::differences(&rebuilt, &live);
    let views = rebuilt.documents.len() + rebuilt.counts.len();
    store.replace_collections(DERIVED, Live::content(rebuilt)).await.map_err(failed)?;
    Ok((views, differences))
}

/// What the events say.
async fn rebuilt(store: &dyn Store) -> Result<Derivation, Failure> {
    let derived = derive_all(store).await;
    derived.map_err(|problem| Failure::of("replaying the events", problem.message))
}
