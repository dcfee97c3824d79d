//! `latchhook key-ring`: replaces the key that wraps every data key, and the pepper of fingerprints.

mod place;
mod report;

use std::path::PathBuf;

use app::resealing::{LONGEST, Usage};
use clap::Subcommand;
use domain::Timestamp;
use sealed::KeyRing;

use self::{
    place::Place,
    report::{Report, told},
};
use crate::{args::Yes, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook key-ring rotate --data-dir /var/lib/latchhook
  latchhook key-ring status --data-dir /var/lib/latchhook
  latchhook key-ring retire --data-dir /var/lib/latchhook --yes

Rotate first: everything stays readable, whatever happens. Then all is brought under the new key and
pepper: by the server of a data directory by itself, on AWS by `latchhook key-ring reseal`. Retire
the old ones once `status` finds nothing under them. The server need not be stopped for any of this.
Keep a copy of the key ring for as long as you keep the backups that were made while it was in use.";
const STATUS: &str = "\
Example:
  latchhook key-ring status --data-dir /var/lib/latchhook

Reads a copy of the database, which takes as much room as the database while it is made.";
const ROTATE: &str = "\
Examples:
  latchhook key-ring rotate --data-dir /var/lib/latchhook
  latchhook key-ring rotate --aws

A running server takes the new key and pepper up within ten seconds. On AWS they are used 75 minutes
later, when every function has them.";
const RETIRE: &str = "\
Examples:
  latchhook key-ring retire --data-dir /var/lib/latchhook
  latchhook key-ring retire --data-dir /var/lib/latchhook --end-sessions --yes

Refused while anything is under the old key or pepper that would be lost. Portal sessions and answers
kept for idempotency keys are for 24 hours after the rotation; --end-sessions ends them now. Backups
that were made before are opened by a copy of the key ring from then, and by no other.";

/// Arguments of `latchhook key-ring`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

/// Installation that a key ring belongs to.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
struct At {
    /// The data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    data_dir: Option<PathBuf>,
    /// The deployment on AWS that the environment names
    #[arg(long, conflicts_with = "data_dir")]
    aws: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Count what is still under the old key and pepper
    #[command(after_help = STATUS)]
    Status(At),
    /// Add a new key and pepper, and use them
    #[command(after_help = ROTATE)]
    Rotate(At),
    /// Bring everything of a deployment on AWS under the new key and pepper
    #[command(after_help = "Example:\n  latchhook key-ring reseal\n\nCan be stopped and repeated.")]
    Reseal,
    /// Remove the old key and pepper, which can't be undone
    #[command(after_help = RETIRE)]
    Retire {
        #[command(flatten)]
        at: At,
        /// Also if portal sessions and kept answers of the last 24 hours end by it
        #[arg(long)]
        end_sessions: bool,
        #[command(flatten)]
        yes: Yes,
    },
}

/// Runs the command.
///
/// # Errors
/// [`Failure`], when the key ring can't be read or changed, or must not be.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let json = args.json;
    match args.action {
        Action::Status(at) => {
            let place = Place::of(&at, context).await?;
            let ring = place.ring().await?;
            let usage = place.usage(context).await?;
            print(json, context, &Report::of(&ring, usage, place.now()))
        }
        Action::Rotate(at) => rotate(&Place::of(&at, context).await?, json, context).await,
        Action::Reseal => reseal(json, context).await,
        Action::Retire { at, end_sessions, yes } => {
            let place = Place::of(&at, context).await?;
            retire(&place, end_sessions, yes, json, context).await
        }
    }
}

async fn rotate(place: &Place, json: bool, context: &Context) -> Result<(), Failure> {
    let from = place.now().plus(place.notice());
    let ring = place
        .change("rotate", |ring, ids| {
            ring.rotate(ids, from).map_err(|why| {
                Failure::of("rotating", format!("{why}: see `latchhook key-ring status`"))
            })
        })
        .await?;
    if json {
        return Ok(context
            .output
            .json(&serde_json::json!({ "in_use_from": ring.newest_from() }))?);
    }
    Ok(context.output.line(place.rotated(from))?)
}

async fn retire(
    place: &Place,
    end_sessions: bool,
    yes: Yes,
    json: bool,
    context: &Context,
) -> Result<(), Failure> {
    let ring = place.ring().await?;
    let usage = place.usage(context).await?;
    check(&ring, usage, end_sessions, place.now())?;
    if yes.has_to_ask(context, "retiring the old key and pepper")? {
        let about = "Backups made before the rotation open only with a copy of the ring from then.";
        context.ask(about, "Retire the old key and pepper?")?;
    }
    let retired = place
        .change("retire", |now, _| {
            if now.text() != ring.text() {
                return Err(Failure::of("retiring", "the key ring was changed meanwhile"));
            }
            now.retire();
            Ok(())
        })
        .await?;
    print(json, context, &Report::of(&retired, usage, place.now()))
}

/// Checks that nothing is lost with the older key and pepper but what may be.
fn check(ring: &KeyRing, usage: Usage, end_sessions: bool, now: Timestamp) -> Result<(), Failure> {
    let refused = |why: String| Err(Failure::of("retiring", why));
    let from = ring.newest_from();
    if !ring.has_older() {
        return refused("there is no old key or pepper in the ring".to_owned());
    }
    if from > now {
        return refused(format!("the new ones are used from {from}, not yet"));
    }
    if usage.older() > 0 {
        let still = told(usage).join(", ");
        return refused(format!("{still}: see `latchhook key-ring status`"));
    }
    let until = from.plus(LONGEST);
    if until > now && !end_sessions {
        return refused(format!(
            "portal sessions and kept answers may be under the old pepper until {until}: wait, or \
             end them with --end-sessions"
        ));
    }
    Ok(())
}

fn print(json: bool, context: &Context, report: &Report) -> Result<(), Failure> {
    if json {
        return Ok(context.output.json(report)?);
    }
    report.lines().iter().try_for_each(|line| Ok(context.output.line(line)?))
}

/// Brings everything of the deployment under the new key and pepper.
#[cfg(feature = "aws")]
async fn reseal(json: bool, context: &Context) -> Result<(), Failure> {
    /// Pause after each commit, which bounds what this takes of the tables' capacity.
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(20);
    let deployment = crate::backends::deployment(context).await?;
    let app = app::App::new(deployment.backend().await);
    let done = app.reseal(PAUSE).await;
    let done = done.map_err(|problem| Failure::of("resealing", problem.message))?;
    let app::resealing::Resealed { data_keys, fingerprints, left } = done;
    if json {
        let done = serde_json::json!({
            "data_keys": data_keys, "fingerprints": fingerprints, "left": left,
        });
        context.output.json(&done)?;
    } else {
        context.output.line(format_args!(
            "{data_keys} data keys are wrapped anew, {fingerprints} fingerprints are renewed"
        ))?;
    }
    match left {
        0 => Ok(()),
        left => Err(Failure::Failed(format!("{left} are as they were: run it again"))),
    }
}

/// Fails, because this program was built without AWS.
#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with AWS it awaits")]
async fn reseal(_: bool, _: &Context) -> Result<(), Failure> {
    Err(crate::backends::without_aws())
}

#[cfg(test)]
mod tests;
