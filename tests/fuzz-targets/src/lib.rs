//! Fuzz targets: each reads bytes that somebody else wrote, and asserts more than that nothing
//! panics.
//!
//! A target is a plain function, so that the corpus in `corpus/<target>` runs through it in every
//! test run, without a nightly toolchain. `cargo-fuzz` beside this crate is what libFuzzer needs to
//! run it for hours; what that finds becomes a file of the corpus.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "each function is a test, which fails by panicking"
)]

mod api;
mod filter;
mod key;
mod redaction;
mod stored;
mod webhook_url;

pub use api::{body, cursor};
pub use filter::filter;
pub use key::api_key;
pub use redaction::redaction;
pub use stored::{export_file, key_ring, stored_event};
pub use webhook_url::webhook_url;

/// Fuzz target.
pub type Target = fn(&[u8]);

/// Every target, by the name of its folder in the corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("api_key", api_key),
    ("body", body),
    ("cursor", cursor),
    ("export_file", export_file),
    ("filter", filter),
    ("key_ring", key_ring),
    ("redaction", redaction),
    ("stored_event", stored_event),
    ("webhook_url", webhook_url),
];

/// Returns the bytes as text, as whatever the targets read is; none if they are not UTF-8.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}
