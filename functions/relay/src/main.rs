//! Lambda function that passes messages on until their due time is near, behind an SQS queue.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::relay::serve().await
}
