//! `latchhook serve`: the server.

use std::{io::Write as _, sync::Arc};

use app::{NoRootToken, OperatorToken, OperatorTokenHash};
use embedded::SystemIds;
use standalone::{Settings, Signals, logging, token};

use crate::{context::Context, failure::Failure, flags::Flags};

const EXAMPLES: &str = "\
Examples:
  latchhook serve
  latchhook serve --data-dir /var/lib/latchhook --listen 0.0.0.0:8080
  latchhook serve --config /etc/latchhook.toml
  latchhook serve --allow-networks 127.0.0.0/8          deliver to this machine, for development

The first start of a data directory makes an operator token and prints it once; to have another,
use `latchhook operator-token rotate`. SIGTERM and Ctrl-C let running attempts finish first.";

/// Arguments of `latchhook serve`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    flags: Flags,
}

/// Serves until a signal asks it to end.
///
/// # Errors
/// [`Failure::Usage`] with every problem of the configuration; [`Failure::Failed`] when the address
/// or the data directory can't be used.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let settings = args.flags.settings(&context.env)?;
    let export = logging::start(&settings, &context.env, context.stderr_is_terminal)?;
    // Before the server is announced, because anybody who sees that may ask it to end.
    let mut signals = Signals::watch()?;
    let listener = standalone::listen(settings.listen).await?;
    let operator = operator(&settings)?;
    let running = standalone::start(&settings, listener, operator, export.traces()).await?;
    tracing::info!(
        address = %running.address(),
        data_dir = %settings.data_dir.display(),
        version = env!("CARGO_PKG_VERSION"),
        "serving"
    );
    let public = settings.public_url.clone();
    let public = public.unwrap_or_else(|| format!("http://{}", running.address()));
    tracing::info!("the operator signs in at {public}/operator");
    signals.received().await;
    tracing::info!("draining");
    running.drain().await;
    export.shut_down().await;
    tracing::info!("ended");
    Ok(())
}

/// Returns the check of the configured token, or of the data directory's; makes and prints a token
/// if there is none.
fn operator(settings: &Settings) -> Result<Arc<dyn OperatorToken>, Failure> {
    if !settings.root_token {
        tracing::info!("the root token is switched off; with root_token = on it is let in again");
        return Ok(Arc::new(NoRootToken));
    }
    if let Some(token) = &settings.operator_token {
        return Ok(Arc::new(OperatorTokenHash::of(token)));
    }
    let (hash, made) = token::load_or_make(&settings.data_dir, &SystemIds::new())?;
    if let Some(token) = made {
        let directory = settings.data_dir.display();
        let shown = writeln!(
            std::io::stderr(),
            "\nThe operator token, shown this once and kept nowhere:\n\n  {}\n\n\
             If you lose it: latchhook operator-token rotate --data-dir {directory}\n",
            token.expose(),
        );
        shown.map_err(|why| Failure::of("showing the operator token; rotate it", why))?;
    } else {
        tracing::info!(
            "the operator token is the one printed at the first start; \
             `latchhook operator-token rotate` makes another"
        );
    }
    Ok(Arc::new(hash))
}
