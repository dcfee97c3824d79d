//! `latchhook vault`: moves the secrets of a deployment on AWS from one vault to the other.

use clap::{Subcommand, ValueEnum};

use crate::{backends, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook vault move --to sealed
  latchhook vault forget

First deploy with VaultKind=both: the functions then read secrets from either place. `move` has them keep
new ones in the other, copies what is there, and says when all is. Then deploy with the new VaultKind, and
`forget` what the old vault has. The environment is that of the deployment's functions, and traffic goes
on. Each can be stopped and begun again anywhere, and `move` back as well.";

/// Arguments of `latchhook vault`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

/// Step of moving.
#[derive(Subcommand)]
enum Action {
    /// Copy all secrets into the other vault, and keep new ones there
    #[command(after_help = "Example:\n  latchhook vault move --to sealed")]
    Move {
        /// Vault that secrets are moved to
        #[arg(long, value_enum)]
        to: To,
    },
    /// Forget the secrets of the vault that is no longer used
    #[command(after_help = "\
Example:
  latchhook vault forget

For when the functions are deployed with the new VaultKind. Secrets of Secrets Manager can be restored for
seven days. What is only in the old vault stays, and is listed. It stops when secrets are moved back.")]
    Forget,
}

/// Vault that secrets are moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// Each is a secret of Secrets Manager
    SecretsManager,
    /// All are sealed in the table of documents
    Sealed,
}

#[cfg(feature = "aws")]
pub(crate) use self::on_aws::run;

/// Fails, because this program was built without AWS.
///
/// # Errors
/// [`Failure`].
#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with AWS it awaits")]
pub(crate) async fn run(Args { action: _, json: _ }: Args, _: &Context) -> Result<(), Failure> {
    Err(backends::without_aws())
}

#[cfg(feature = "aws")]
mod on_aws {
    use std::{collections::BTreeSet, sync::Arc};

    use app::{
        App,
        problem::Problem,
        secrets::{Copied, Forgotten, reconcile},
    };
    use aws::{KeptIn, SecretsManagerVault};
    use lambda::{VaultKind, backend::Deployment};
    use ports::{ReadError, Unavailable, Vault, store::Condition};
    use sealed::{KeyRing, SECRETS, SealedVault};
    use serde::Serialize;

    use super::{Action, Args, Context, Failure, To, backends};

    /// Outcome of a move.
    #[derive(Serialize)]
    struct Outcome {
        /// Number of secrets that were copied.
        copied: u64,
        /// Number of secrets that were there already.
        there: u64,
        /// Secrets that are needed and in neither vault.
        missing: BTreeSet<String>,
        /// Number of secrets that kept changing.
        left: u64,
        /// True if nothing is in the old vault alone any more.
        is_moved: bool,
    }

    /// Outcome of forgetting.
    #[derive(Serialize)]
    struct Report {
        /// Number of secrets that the old vault has no longer.
        forgotten: u64,
        /// Secrets that are needed and only in the old vault.
        only_there: BTreeSet<String>,
    }

    /// Deployment with both of its vaults.
    struct Vaults {
        deployment: Deployment,
        apart: SecretsManagerVault,
        sealed: Arc<SealedVault>,
    }

    /// Moves, or forgets what was moved.
    ///
    /// # Errors
    /// [`Failure`], when the deployment can't be reached or is not deployed for that, or something is left.
    pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
        let deployment = backends::deployment(context).await?;
        let made = KeyRing::generate(&*deployment.ids);
        let ring = deployment.ring(&made).await.map_err(|why| Failure::of("the key ring", why))?;
        let (apart, sealed) = deployment.vaults(ring);
        let vaults = Vaults { deployment, apart, sealed };
        match args.action {
            Action::Move { to } => moved(&vaults, to, args.json, context).await,
            Action::Forget => forgotten(&vaults, args.json, context).await,
        }
    }

    async fn moved(vaults: &Vaults, to: To, json: bool, context: &Context) -> Result<(), Failure> {
        if vaults.deployment.vault_kind() != VaultKind::Both {
            let why =
                "deploy with VaultKind=both first, so that the functions read from both vaults";
            return Err(Failure::Usage(why.to_owned()));
        }
        let (moving, there) = match to {
            To::Sealed => (KeptIn::MovingToTables, KeptIn::Tables),
            To::SecretsManager => (KeptIn::MovingToSecretsManager, KeptIn::SecretsManager),
        };
        let revision = begun(vaults, moving).await?;
        let app = App::new(vaults.deployment.backend().await);
        let (from, into): (&dyn Vault, &dyn Vault) = match to {
            To::Sealed => (&vaults.apart, &*vaults.sealed),
            To::SecretsManager => (&*vaults.sealed, &vaults.apart),
        };
        let Copied { copied, there: known, missing, left } =
            app.copy_secrets(from, into).await.map_err(|why| failed(&why))?;
        let store = &*vaults.deployment.store;
        let is_moved = left == 0 && {
            let unchanged = Condition::Revision(revision);
            there.remember(store, unchanged).await.map_err(|why| unread(&why))?
        };
        let moved = Outcome { copied, there: known, missing, left, is_moved };
        if json {
            context.output.json(&moved)?;
        } else {
            context.output.line(format_args!("{copied} copied, {known} there already"))?;
            for name in &moved.missing {
                context.output.line(format_args!("{name}  is needed, and in neither vault"))?;
            }
        }
        if !is_moved {
            return Err(Failure::Failed("some secrets kept changing: repeat it".to_owned()));
        }
        if !moved.missing.is_empty() {
            let why = "some secrets were not found: repeat it in a minute, as new ones are not found at once. \
                       Those that stay missing were lost before: rotate them, or roll their keys, and go on";
            return Err(Failure::Failed(why.to_owned()));
        }
        let next = format!(
            "All are there: deploy with VaultKind={}, then `latchhook vault forget`",
            there.name()
        );
        if json { Ok(()) } else { Ok(context.output.line(next)?) }
    }

    /// Has new secrets kept in the new vault; returns the revision of the document that says so.
    async fn begun(vaults: &Vaults, moving: KeptIn) -> Result<u64, Failure> {
        let store = &*vaults.deployment.store;
        let remembered = || KeptIn::remembered(store);
        let found = remembered().await.map_err(|why| unread(&why))?;
        let condition = found.map_or(Condition::Absent, |(_, at)| Condition::Revision(at));
        if found.is_none_or(|(place, _)| place != moving)
            && !moving.remember(store, condition).await.map_err(|why| unread(&why))?
        {
            return Err(another());
        }
        match remembered().await.map_err(|why| unread(&why))? {
            Some((place, revision)) if place == moving => Ok(revision),
            _ => Err(another()),
        }
    }

    async fn forgotten(vaults: &Vaults, json: bool, context: &Context) -> Result<(), Failure> {
        let app = App::new(vaults.deployment.backend().await);
        let (apart, store) = (&vaults.apart, &*vaults.deployment.store);
        let found = KeptIn::remembered(store).await.map_err(|why| unread(&why))?;
        let revision_of = |place| match found {
            Some((kept_in, revision)) if kept_in == place => Ok(revision),
            _ => Err(moved_back()),
        };
        let Forgotten { forgotten, only_there, is_stopped } = match vaults.deployment.vault_kind() {
            VaultKind::Both => {
                let why =
                    "deploy with the new VaultKind first: the functions read from both vaults";
                return Err(Failure::Usage(why.to_owned()));
            }
            VaultKind::SecretsManager => {
                let unmoved = KeptIn::unchanged(revision_of(KeptIn::SecretsManager)?);
                let forgotten = app.forget_sealed(SECRETS, apart, &unmoved).await;
                forgotten.map_err(|why| failed(&why))?
            }
            VaultKind::Sealed => forget_apart(&app, vaults, revision_of(KeptIn::Tables)?).await?,
        };
        let report = Report { forgotten, only_there };
        if json {
            context.output.json(&report)?;
        } else {
            context.output.line(format_args!("{forgotten} forgotten"))?;
            for name in &report.only_there {
                context.output.line(format_args!("{name}  is needed, and only there: kept"))?;
            }
        }
        if is_stopped {
            return Err(moved_back());
        }
        if report.only_there.is_empty() {
            return Ok(());
        }
        let why = "some are only in the old vault: deploy with VaultKind=both, and move again";
        Err(Failure::Failed(why.to_owned()))
    }

    /// Destroys the secrets of Secrets Manager that are sealed as well, or that nothing names, until secrets
    /// are moved back, or nobody can tell whether they are: then the last is restored, which whoever moves them
    /// may have found there.
    async fn forget_apart(app: &App, vaults: &Vaults, revision: u64) -> Result<Forgotten, Failure> {
        let unavailable = |why: Unavailable| Failure::because("forgetting secrets", &why);
        let all = vaults.apart.all().await.map_err(unavailable)?;
        let named = app.named_secrets().await.map_err(|why| failed(&why))?;
        let mut done = Forgotten::default();
        for kept in all.iter().filter(|kept| !kept.is_destroyed) {
            let text = reconcile::text(kept.name);
            let is_needed = named.needed.contains(&text);
            if is_needed && vaults.sealed.reveal(kept.name).await.is_err() {
                done.only_there.insert(text);
                continue;
            }
            vaults.apart.destroy(kept.name).await.map_err(unavailable)?;
            let now = KeptIn::remembered(&*vaults.deployment.store).await;
            if !matches!(&now, Ok(Some((_, at))) if *at == revision) {
                vaults.apart.restore_destroyed(kept.name).await.map_err(unavailable)?;
                now.map_err(|why| unread(&why))?;
                return Ok(Forgotten { is_stopped: true, ..done });
            }
            done.forgotten += 1;
        }
        Ok(done)
    }

    fn moved_back() -> Failure {
        let why = "secrets are moved back meanwhile: finish that, and forget what it leaves";
        Failure::Failed(why.to_owned())
    }

    fn another() -> Failure {
        Failure::Failed("another command moves secrets: let it finish, and repeat this".to_owned())
    }

    fn unread(why: &ReadError) -> Failure {
        Failure::because("the place of secrets", why)
    }

    fn failed(why: &Problem) -> Failure {
        Failure::Failed(why.message.to_string())
    }
}
