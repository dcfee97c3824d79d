//! `latchhook reconcile`: compares the secrets of a deployment with what its tables name.

use crate::{backends, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook reconcile
  latchhook reconcile --mend

For after a restore of the tables or of secrets. The environment is that of the deployment's functions.
Secrets that are needed and were destroyed within the last seven days are restored by --mend, and those
that nothing names are destroyed. What is missing for good is listed: rotate that webhook's secret,
set its URL again, or roll the key. A deployment whose vault is `sealed` has nothing to compare.";

/// Arguments of `latchhook reconcile`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Restore what is needed, and destroy what nothing names
    #[arg(long)]
    mend: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[cfg(feature = "aws")]
pub(crate) use self::on_aws::run;

/// Fails, because this program was built without AWS.
///
/// # Errors
/// [`Failure`].
#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with AWS it awaits")]
pub(crate) async fn run(Args { mend: _, json: _ }: Args, _: &Context) -> Result<(), Failure> {
    Err(backends::without_aws())
}

#[cfg(feature = "aws")]
mod on_aws {
    use std::collections::BTreeMap;

    use app::{App, secrets::reconcile};
    use ports::{Unavailable, Vault as _};
    use sealed::KeyRing;
    use serde::Serialize;

    use super::{Args, Context, Failure, backends};

    /// Difference between the vault and the tables; each secret by its account and purpose.
    #[derive(Serialize)]
    struct Report {
        /// Number of secrets that are needed and there.
        agree: usize,
        /// Secrets that are needed, and destroyed but not yet gone.
        restorable: Vec<String>,
        /// Secrets that are needed and gone.
        missing: Vec<String>,
        /// Secrets that nothing names.
        unnamed: Vec<String>,
        /// True if what could be mended was.
        mended: bool,
    }

    /// Compares, and mends if that was asked for.
    ///
    /// # Errors
    /// [`Failure`], when the deployment can't be reached, or something is left that differs.
    pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
        let deployment = backends::deployment(context).await?;
        let made = KeyRing::generate(&*deployment.ids);
        let ring = deployment.ring(&made).await.map_err(|why| Failure::of("the key ring", why))?;
        let Some(vault) = deployment.apart(ring) else {
            let why = "the vault of this deployment is not `secrets-manager` alone: its secrets are in \
                       the tables, or being moved there";
            return Err(Failure::Usage(why.to_owned()));
        };
        let unavailable = |why: Unavailable| Failure::because("reconcile", &why);
        // The list first: what is made meanwhile is named by the time that the tables are read.
        let all = vault.all().await.map_err(unavailable)?;
        let app = App::new(deployment.backend().await);
        let named = app.named_secrets().await;
        let named = named.map_err(|why| Failure::Failed(why.message.to_string()))?;
        let there: BTreeMap<String, _> =
            all.iter().map(|kept| (reconcile::text(kept.name), *kept)).collect();
        let mut report = Report {
            agree: 0,
            restorable: vec![],
            missing: vec![],
            unnamed: vec![],
            mended: args.mend,
        };
        for name in &named.needed {
            match there.get(name) {
                Some(kept) if !kept.is_destroyed => report.agree += 1,
                Some(_) => report.restorable.push(name.clone()),
                None => report.missing.push(name.clone()),
            }
        }
        for (name, kept) in &there {
            let account = name.split('/').next().unwrap_or_default();
            let is_loose = named.loose.contains(name) || named.loose.contains(account);
            if !kept.is_destroyed && !is_loose && !named.needed.contains(name) {
                report.unnamed.push(name.clone());
            }
        }
        if args.mend {
            for name in &report.restorable {
                vault.restore_destroyed(there[name].name).await.map_err(unavailable)?;
            }
            for name in &report.unnamed {
                vault.destroy(there[name].name).await.map_err(unavailable)?;
            }
        }
        told(&args, &report, context)
    }

    fn told(args: &Args, report: &Report, context: &Context) -> Result<(), Failure> {
        if args.json {
            context.output.json(report)?;
        } else {
            context.output.line(format_args!("{} secrets are as the tables say", report.agree))?;
            let (restored, destroyed) = if report.mended {
                ("was restored", "nothing named it: was destroyed")
            } else {
                ("is needed, and can be restored", "nothing names it")
            };
            for (names, what) in [
                (&report.restorable, restored),
                (&report.missing, "is needed, and gone"),
                (&report.unnamed, destroyed),
            ] {
                for name in names {
                    context.output.line(format_args!("{name}  {what}"))?;
                }
            }
        }
        let differs = !report.restorable.is_empty() || !report.unnamed.is_empty();
        match (report.missing.len(), differs && !report.mended) {
            (0, false) => Ok(()),
            (0, true) => Err(Failure::Failed("they differ: --mend mends that".to_owned())),
            (missing, _) => Err(Failure::Failed(format!(
                "{missing} are gone: rotate the webhook's secret, set its URL again, or roll the key"
            ))),
        }
    }
}
