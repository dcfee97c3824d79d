//! Resources of the API: one file each, with the use cases and the routes to them.
//!
//! Each file reads top-down: the routes, the representations, then one function a verb.

pub mod accounts;
pub mod api_keys;
pub mod audit_events;
pub mod delivery_health;
pub mod delivery_stats;
pub mod event_types;
pub mod events;
pub mod logs;
pub mod portal_sessions;
pub mod retry_schedule;
pub mod service;
pub mod verify;
pub mod webhooks;
