//! What each port promises, as suites that every adapter passes: the embedded home's today, the AWS
//! adapters' with the same files.

pub mod vault;
