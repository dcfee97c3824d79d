//! Lambda authorizer for the operator's own HTTP API: it verifies the API key of a request.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::authorizer::serve().await
}
