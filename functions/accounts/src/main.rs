//! Lambda function for accounts and portal sessions, behind an API Gateway.

use app::http::parts::ACCOUNTS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(ACCOUNTS).await
}
