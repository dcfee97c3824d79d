//! `latchhook rebuild`: derives all views anew from the event store.

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
use serde::Serialize;

use self::{compare::Difference, live::Live};
use crate::{args::Yes, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook rebuild --data-dir /var/lib/latchhook
  latchhook rebuild --data-dir /var/lib/latchhook --yes     replace what differs, without asking
  latchhook rebuild --aws

Live views that differ from the rebuilt ones are named, and replaced once that is confirmed, or with
--yes; the exit code is 1 then. Where none differs, nothing is written. The server of a data
directory must not be running. A deployment on AWS, the one that the environment is of, goes on
meanwhile: there, what changes in the meantime is left as it is.";
/// Number of differences that are named; the rest is counted.
const MOST_NAMED: usize = 20;

/// Arguments of `latchhook rebuild`.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    data_dir: Option<PathBuf>,
    /// Rebuild the deployment on AWS that the environment names
    #[arg(long, conflicts_with = "data_dir")]
    aws: bool,
    #[command(flatten)]
    yes: Yes,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Output of `--json`.
#[derive(Serialize)]
struct Report {
    /// Number of views.
    views: usize,
    /// Views that differed from the events, and were replaced.
    differences: Vec<String>,
}

/// Rebuilds the views.
///
/// # Errors
/// [`Failure`], when the directory is in use or can't be read, or a live view differed from the
/// events.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let consent = |differences: &[Difference]| consent(&args, context, differences);
    let (views, differences) = if args.aws {
        #[cfg(not(feature = "aws"))]
        return Err(crate::backends::without_aws());
        #[cfg(feature = "aws")]
        {
            let store = crate::backends::deployment(context).await?.store;
            let mended = aws::mend(&store, &consent).await?;
            count_past(&*store, args.json, context).await?;
            mended
        }
    } else {
        let directory = super::data_dir(args.data_dir.as_ref(), context);
        if !directory.is_dir() {
            let why = format!("{} is not a data directory", directory.display());
            return Err(Failure::Usage(why));
        }
        let clock = Arc::new(SystemClock::new());
        let store = Embedded::open(&directory, &embedded::Options::default(), clock)
            .map_err(|why| Failure::because("opening the data directory", &why))?;
        let differences = upgraded_and_mended(&store, &consent).await;
        store.close().await;
        differences?
    };
    if args.json {
        let differences = differences.iter().map(ToString::to_string).collect();
        context.output.json(&Report { views, differences })?;
    }
    match differences.len() {
        0 if args.json => Ok(()),
        0 => {
            let line = format!("{views} views are rebuilt; each equals the one it replaces");
            Ok(context.output.line(line)?)
        }
        wrong => {
            Err(Failure::Failed(format!("{wrong} of {views} views differed, and are replaced")))
        }
    }
}

/// Brings the views of an earlier version to the present one, as a server does at its start, and then
/// replaces those that differ.
async fn upgraded_and_mended(
    store: &Embedded,
    consent: Consent<'_>,
) -> Result<(usize, Vec<Difference>), Failure> {
    upgrade(store).await?;
    mend(store, consent).await
}

/// Brings the views of an earlier version to the present one, as a server does at its start.
pub(super) async fn upgrade(store: &Embedded) -> Result<(), Failure> {
    let listed = app::list_past(store).await;
    listed.map(drop).map_err(|problem| {
        Failure::of("listing keys and webhooks of an earlier version", problem.message)
    })
}

/// Counts the attempts of before attempts were counted, which a server does by itself.
#[cfg(feature = "aws")]
async fn count_past(store: &dyn Store, json: bool, context: &Context) -> Result<(), Failure> {
    let counted = app::count_past(store, crate::system::now()).await;
    let counted = counted.map_err(|problem| {
        Failure::of("counting the attempts of an earlier version", problem.message)
    })?;
    if counted > 0 && !json {
        let line = format!("{counted} attempts of an earlier version are counted");
        context.output.line(line)?;
    }
    Ok(())
}

/// Check that asks for consent to replace the differing views.
type Consent<'a> = &'a dyn Fn(&[Difference]) -> Result<(), Failure>;

/// Names the differences, and asks for consent unless `--yes` was given.
fn consent(args: &Args, context: &Context, differences: &[Difference]) -> Result<(), Failure> {
    if !args.json {
        for difference in differences.iter().take(MOST_NAMED) {
            context.output.line(difference)?;
        }
    }
    let what = format!("replacing {} views that differ", differences.len());
    if args.yes.has_to_ask(context, &what)? {
        let about = format!("{} views differ from what the events say.", differences.len());
        context.ask(&about, "Replace them?")?;
    }
    Ok(())
}

/// Replaces the live views by rebuilt ones if any differs and `consent` is given; returns the
/// number of views, and those that differed.
async fn mend(store: &Embedded, consent: Consent<'_>) -> Result<(usize, Vec<Difference>), Failure> {
    let (rebuilt, differences) = compared(store).await?;
    let views = rebuilt.documents.len() + rebuilt.counts.len();
    if differences.is_empty() {
        return Ok((views, differences));
    }
    consent(&differences)?;
    store
        .replace_collections(DERIVED, Live::content(rebuilt))
        .await
        .map_err(|why| Failure::because("rebuilding", &why))?;
    Ok((views, differences))
}

/// Returns the views that the events stand for, and the live ones that differ.
pub(super) async fn compared(store: &Embedded) -> Result<(Derivation, Vec<Difference>), Failure> {
    let rebuilt = rebuilt(store).await?;
    let live = Live::read(store).await.map_err(|why| Failure::because("rebuilding", &why))?;
    let differences = compare::differences(&rebuilt, &live);
    Ok((rebuilt, differences))
}

/// Derives the views from the events.
async fn rebuilt(store: &dyn Store) -> Result<Derivation, Failure> {
    let derived = derive_all(store).await;
    derived.map_err(|problem| Failure::of("replaying the events", problem.message))
}

#[cfg(test)]
mod tests {
    use ports::{
        Commit,
        store::{Condition, Key, Partition, Scope, Write},
    };

    use super::*;

    /// Returns a store with a view that no event explains.
    async fn damaged(directory: &std::path::Path) -> (Embedded, Key) {
        let clock = Arc::new(SystemClock::new());
        let store = Embedded::open(directory, &embedded::Options::default(), clock).unwrap();
        let key = Key {
            partition: Partition::new(Scope::Installation, DERIVED[0], ""),
            sort: "surplus".to_owned(),
        };
        let write = Write::Put {
            key: key.clone(),
            body: (&b"{}"[..]).into(),
            expires_at: None,
            index: vec![],
            condition: Condition::Absent,
        };
        store.commit(Commit { writes: vec![write], ..Commit::default() }).await.unwrap();
        (store, key)
    }

    #[tokio::test]
    async fn views_that_differ_are_replaced_only_with_consent() {
        let directory = tempfile::tempdir().unwrap();
        let (store, key) = damaged(directory.path()).await;
        let is_there = async || {
            let found = store.get(std::slice::from_ref(&key)).await.unwrap();
            found.into_iter().flatten().next().is_some()
        };
        let no = |_: &[Difference]| Err(Failure::Usage("no".to_owned()));
        assert!(mend(&store, &no).await.is_err());
        assert!(is_there().await);
        let (_, differences) = mend(&store, &|_: &[Difference]| Ok(())).await.unwrap();
        assert_eq!(differences.len(), 1);
        assert!(!is_there().await);
        assert_eq!(mend(&store, &no).await.unwrap().1, [], "nothing differs, and nobody is asked");
        store.close().await;
    }
}
