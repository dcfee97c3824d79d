//! API keys, verification included, on Lambda behind an API Gateway.

use app::http::parts::API_KEYS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(API_KEYS).await
}
