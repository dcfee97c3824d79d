//! Makes the attempts that messages ask for, on Lambda behind two SQS queues.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda::Error> {
    lambda::deliver::serve().await
}
