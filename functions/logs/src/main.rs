//! Logs, and the history of settings, on Lambda behind an API Gateway.

use app::http::parts::LOGS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(LOGS).await
}
