//! Says, as a Lambda authorizer of the operator's own HTTP API, whose key a request carries.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::authorizer::serve().await
}
