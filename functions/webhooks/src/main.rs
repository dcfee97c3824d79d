//! Lambda function for webhooks, behind an API Gateway.

use app::http::parts::WEBHOOKS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(WEBHOOKS).await
}
