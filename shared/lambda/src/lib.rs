//! What Latchhook's Lambda functions share, so that each of them is a `main` that only wires.
//!
//! A function starts like this: [`Settings`] are read from its environment and checked whole,
//! [`logging`] begins, and [`backend`] puts the product together on DynamoDB, SQS and Secrets
//! Manager. Then it waits for what Lambda hands it: [`http`] answers requests of an API Gateway,
//! [`batch`] works through messages of a queue, [`authorizer`] says whose key a request carries,
//! and [`metrics`] counts. Clients are made once a process, and connect when they are first used.
//!
//! Nothing here decides anything about keys, webhooks or deliveries: that is `app`.

pub mod authorizer;
pub mod backend;
pub mod batch;
mod config;
pub mod deliver;
pub mod http;
pub mod logging;
pub mod metrics;
pub mod relay;

pub use config::Settings;
pub use lambda_runtime::Error;
pub use settings::VaultKind;

/// What every function begins with: its settings, and log lines.
///
/// # Errors
/// Every problem with the settings.
fn start() -> Result<Settings, Error> {
    let settings = Settings::read(&settings::environment()).map_err(|why| why.to_string())?;
    logging::start(&settings.log)?;
    Ok(settings)
}
