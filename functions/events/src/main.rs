//! Lambda function for events and their types, behind an API Gateway.

use app::http::parts::EVENTS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(EVENTS).await
}
