//! Additions to documents of numbers: those of a whole batch are one write for each document, so that
//! a thousand attempts at one webhook cost little more than one.

use bytes::Bytes;
use domain::Timestamp;
use ports::store::{Document, Key, Numbers, add};
use rusqlite::Connection;

use super::{
    batch::Effects,
    documents::{self, Existing},
    prepared::Put,
};
use crate::{error::is_damage, read, revisions::Revisions};

/// Writes the additions that `effects` has gathered.
pub(super) fn write(
    connection: &Connection,
    now: Timestamp,
    revisions: &mut Revisions,
    effects: &mut Effects,
) -> rusqlite::Result<()> {
    for (key, (more, expires_at)) in std::mem::take(&mut effects.numbers) {
        let existing = documents::find(connection, &key, now)?;
        let mut numbers = known(connection, &key, existing.as_ref(), now)?;
        add(&mut numbers, &more);
        let body: Bytes = serde_json::to_vec(&numbers)
            .map_err(|why| rusqlite::Error::ToSqlConversionFailure(why.into()))?
            .into();
        let revision = revisions.take();
        let put = Put { body: body.clone(), expires_at, entries: None };
        documents::put(connection, &key, revision, &put, existing.as_ref())?;
        let document = Document { key: key.clone(), revision, expires_at, body };
        effects.documents.push((key, Some(document)));
    }
    Ok(())
}

/// Returns the numbers that are there. Damaged ones begin again: nothing is decided by them, and a
/// delivery must not wait for their repair.
fn known(
    connection: &Connection,
    key: &Key,
    existing: Option<&Existing>,
    now: Timestamp,
) -> rusqlite::Result<Numbers> {
    if existing.is_none() {
        return Ok(Numbers::new());
    }
    let found = match read::get(connection, std::slice::from_ref(key), now) {
        Err(why) if is_damage(&why) => None,
        found => found?.pop().flatten().map(|document| serde_json::from_slice(&document.body)),
    };
    match found {
        Some(Ok(numbers)) => Ok(numbers),
        None if existing.is_some_and(|existing| existing.revision == 0) => Ok(Numbers::new()),
        Some(Err(_)) | None => {
            tracing::error!(
                partition = key.partition.as_str(),
                sort = key.sort,
                "damaged counts begin again"
            );
            Ok(Numbers::new())
        }
    }
}
