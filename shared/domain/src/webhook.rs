//! A webhook: an endpoint, and what it is sent.

mod url;

pub use url::{Credentials, HttpUrl, SnsTopic, UrlRejection, WebhookUrl};
