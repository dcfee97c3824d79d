//! Resources of the API, a folder each.
//!
//! In each folder, `http.rs` has the routes and their handlers, `representation.rs` what answers look
//! like, and `input.rs`, if there is one, what bodies look like. The other files are the use cases,
//! named by what they do: they know nothing of HTTP, so that whatever else has a caller's [`Access`]
//! can call them. A command is told how its result is answered (`answer`), because an answer is kept
//! for repeats of its request in the very commit that it reports; a query returns what it found.
//!
//! [`Access`]: crate::auth::Access

pub mod accounts;
pub mod api_keys;
pub mod audit_events;
pub mod delivery_health;
pub mod delivery_stats;
pub mod event_types;
pub mod events;
pub mod key_scopes;
pub mod logs;
pub(crate) mod operator_sessions;
pub(crate) mod operator_tokens;
pub(crate) mod page_frame;
pub mod portal_sessions;
pub mod retry_schedule;
pub mod service;
pub mod verify;
pub mod webhooks;
