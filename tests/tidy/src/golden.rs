//! Events are for ever: one golden file per (name, schema version), and each can still be read.
//!
//! The files stand in `shared/domain/tests/golden` as `<name>.v<version>.json` and hold a payload
//! byte for byte as it was stored. A new schema version adds a file; none is ever edited.

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::{
    StoredEvent, account::AccountEvent, event_types::EventTypesEvent, key::KeyEvent,
    webhook::WebhookEvent,
};

use crate::checkout::{none, root};

/// What a family of events says of one (name, schema version).
#[derive(Clone)]
struct Kind {
    name: &'static str,
    version: u16,
    /// What is wrong with that payload.
    fault: fn(&'static str, u16, &str) -> Option<String>,
}

#[test]
fn every_event_ever_stored_can_be_read() {
    none(
        "golden events",
        kinds().iter().filter_map(|kind| {
            let file = file(kind);
            let Ok(payload) = fs::read_to_string(folder().join(&file)) else {
                return Some(format!("{file} is missing: keep an example of the payload there"));
            };
            (kind.fault)(kind.name, kind.version, payload.trim_end())
                .map(|why| format!("{file}: {why}"))
        }),
    );
}

#[test]
fn no_golden_event_is_unknown() {
    let known: BTreeSet<String> = kinds().iter().map(file).collect();
    let there = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let there: BTreeSet<String> = there.map(|name| name.into_string().unwrap()).collect();
    none("what was stored once must stay readable", there.difference(&known).cloned());
}

fn kinds() -> Vec<Kind> {
    [
        kinds_of::<AccountEvent>(),
        kinds_of::<EventTypesEvent>(),
        kinds_of::<KeyEvent>(),
        kinds_of::<WebhookEvent>(),
    ]
    .concat()
}

fn kinds_of<E: StoredEvent>() -> Vec<Kind> {
    E::STORED.iter().map(|&(name, version)| Kind { name, version, fault: fault::<E> }).collect()
}

/// The payload must be read, and written again as it stands unless its schema is an older one.
fn fault<E: StoredEvent>(name: &'static str, version: u16, payload: &str) -> Option<String> {
    let event = match E::read(name, version, payload) {
        Ok(event) => event,
        Err(why) => return Some(why.to_string()),
    };
    let written = event.payload();
    let same = event.name() == name && written.get() == payload;
    (event.schema_version() == version && !same).then(|| format!("is now written {written}"))
}

fn file(kind: &Kind) -> String {
    format!("{}.v{}.json", kind.name, kind.version)
}

fn folder() -> PathBuf {
    root().join("shared/domain/tests/golden")
}
