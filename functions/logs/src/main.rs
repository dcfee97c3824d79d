//! Lambda function for logs and the history of settings, behind an API Gateway.

use app::http::parts::LOGS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(LOGS).await
}
