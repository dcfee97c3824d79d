//! Passes messages on until their slot is within reach, on Lambda behind an SQS queue.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::relay::serve().await
}
