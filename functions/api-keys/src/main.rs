//! Lambda function for API keys, verification included, behind an API Gateway.

use app::http::parts::API_KEYS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(API_KEYS).await
}
