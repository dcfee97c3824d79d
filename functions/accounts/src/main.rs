//! Accounts and portal sessions, on Lambda behind an API Gateway.

use app::http::parts::ACCOUNTS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(ACCOUNTS).await
}
