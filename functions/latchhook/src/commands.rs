//! One command a file: its arguments, its examples, and what it does.

pub(crate) mod accounts;
pub(crate) mod backup;
pub(crate) mod completions;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod keys;
pub(crate) mod listen;
pub(crate) mod logs;
pub(crate) mod operator_token;
pub(crate) mod rebuild;
pub(crate) mod redrive;
mod show;
pub(crate) mod webhooks;

use std::path::PathBuf;

use crate::context::Context;

/// The data directory of a command that works on files: flag, environment, default.
pub(crate) fn data_dir(flag: Option<&PathBuf>, context: &Context) -> PathBuf {
    let names = settings::table::DATA_DIR.names;
    let configured = context.var(names.env).or(names.default).map(PathBuf::from);
    flag.cloned().or(configured).unwrap_or_default()
}
