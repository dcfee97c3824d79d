//! Lambda function that makes the attempts that messages ask for, behind two SQS queues.

use std::sync::Arc;

use lambda::Settings;
use ports::{Clock, Resolve, Sender};
use sender::{Options, Outbound};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::deliver::serve(sender).await
}

fn sender(
    settings: &Settings,
    clock: &Arc<dyn Clock>,
    resolver: &Arc<dyn Resolve>,
) -> Result<Arc<dyn Sender>, lambda::Error> {
    let usual = Options::default();
    let options = Options {
        user_agent: settings.user_agent.clone().unwrap_or(usual.user_agent),
        timeout: settings.delivery_timeout,
        allow_networks: settings.allow_networks.clone(),
        sns_endpoint: settings.sns_endpoint.as_ref().map(ToString::to_string),
        ..Options::default()
    };
    Ok(Arc::new(Outbound::new(options, Arc::clone(clock), resolver)?))
}
