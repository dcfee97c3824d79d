//! Events and their types, on Lambda behind an API Gateway.

use app::http::parts::EVENTS;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::http::serve(EVENTS).await
}
