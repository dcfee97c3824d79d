//! Shared code of Latchhook's Lambda functions, so that each of them is a `main` that only wires.
//!
//! At start a function reads its [`Settings`] from the environment and checks them, starts
//! [`logging`], and assembles the product in [`backend`] on DynamoDB, SQS and Secrets Manager. Then
//! it waits for invocations: [`http`] answers requests of an API Gateway, [`batch`] handles
//! messages of a queue, [`authorizer`] verifies the key of a request, [`identity`] has the operator's people
//! sign in at their provider, and [`metrics`] counts.
//! Clients are made once a process, and connect when they are first used.
//!
//! Nothing here decides anything about keys, webhooks or deliveries: that is `app`.

pub mod authorizer;
pub mod backend;
pub mod batch;
mod config;
pub mod deliver;
pub mod http;
pub mod identity;
pub mod logging;
pub mod metrics;
pub mod relay;
mod segments;

pub use config::Settings;
pub use lambda_runtime::Error;
pub use settings::VaultKind;

use settings::Subset;

/// Reads the settings and starts logging, as every function does first.
///
/// # Errors
/// All problems of the settings.
fn start() -> Result<Settings, Error> {
    start_with::<()>().map(|(settings, ())| settings)
}

/// Starts a function that has settings of its own.
fn start_with<Own: Subset>() -> Result<(Settings, Own), Error> {
    let read = settings::read_deployed::<(Settings, Own)>(&settings::environment());
    let (settings, own) = read.map_err(|why| why.to_string())?;
    logging::start(&settings.log, settings.xray_daemon)?;
    Ok((settings, own))
}
