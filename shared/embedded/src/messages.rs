//! Rows of the message table.

use domain::{
    Timestamp,
    delivery::Task,
    id::{AccountId, MessageId, Ulid, WebhookId},
};
use ports::{
    Unavailable,
    queue::{Chore, Lane, Message},
    trace::TraceContext,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::{
    checksum::Checksum,
    dispatch::{Found, Place, Wanted},
    text::{to_integer, to_json, unreadable},
};

/// Inserts a message; returns false if the same one is there already.
pub(crate) fn insert(
    connection: &Connection,
    message: &Message,
    task: &str,
) -> rusqlite::Result<bool> {
    let sql = "INSERT OR IGNORE INTO messages (webhook, lane, due, id, account, task, checksum)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let account = message.account.0.to_bytes();
    let inserted = connection.prepare_cached(sql)?.execute(params![
        message.webhook.0.to_bytes(),
        lane_number(message.lane),
        message.due.as_millis(),
        message.id.0.to_bytes(),
        account,
        task,
        sum_of(Place::of(message), &account, task).end(),
    ])?;
    Ok(inserted > 0)
}

/// Deletes the message at `place`.
pub(crate) fn delete(connection: &Connection, place: Place) -> rusqlite::Result<()> {
    let sql = "DELETE FROM messages WHERE webhook = ?1 AND lane = ?2 AND due = ?3 AND id = ?4";
    connection.prepare_cached(sql)?.execute(params![
        place.webhook.0.to_bytes(),
        lane_number(place.lane),
        place.due.as_millis(),
        place.id.0.to_bytes(),
    ])?;
    Ok(())
}

/// Returns the messages of the `wanted` group.
pub(crate) fn find(connection: &Connection, wanted: Wanted) -> rusqlite::Result<Found> {
    let due = due(connection, wanted)?;
    let next_due = if due.len() < wanted.rows { next_due(connection, wanted)? } else { None };
    Ok(Found { due, next_due })
}

/// Returns the next group after `after` that has messages, and the due time of its first. One seek,
/// however many messages lie between.
pub(crate) fn next_group(
    connection: &Connection,
    after: Option<(WebhookId, Lane)>,
) -> rusqlite::Result<Option<(WebhookId, Lane, Timestamp)>> {
    let sql = "SELECT webhook, lane, due FROM messages WHERE (webhook, lane) > (?1, ?2)
               ORDER BY webhook, lane, due LIMIT 1";
    let (webhook, lane) =
        after.map_or((WebhookId(Ulid::nil()), -1), |(webhook, lane)| (webhook, lane_number(lane)));
    connection
        .prepare_cached(sql)?
        .query_row(params![webhook.0.to_bytes(), lane], |row| {
            Ok((
                WebhookId(ulid(row, 0)?),
                lane_from(row.get(1)?)?,
                Timestamp::from_millis(row.get(2)?),
            ))
        })
        .optional()
}

fn due(connection: &Connection, wanted: Wanted) -> rusqlite::Result<Vec<Message>> {
    let sql = "SELECT due, id, account, task, checksum FROM messages
               WHERE webhook = ?1 AND lane = ?2 AND due <= ?3 ORDER BY due, id LIMIT ?4";
    let limit = to_integer(wanted.rows as u64);
    let until = wanted.until.as_millis();
    connection
        .prepare_cached(sql)?
        .query_map(
            params![wanted.webhook.0.to_bytes(), lane_number(wanted.lane), until, limit],
            |row| read(row, wanted),
        )?
        .collect()
}

fn next_due(connection: &Connection, wanted: Wanted) -> rusqlite::Result<Option<Timestamp>> {
    let sql = "SELECT due FROM messages WHERE webhook = ?1 AND lane = ?2 AND due > ?3
               ORDER BY due LIMIT 1";
    let until = wanted.until.as_millis();
    connection
        .prepare_cached(sql)?
        .query_row(params![wanted.webhook.0.to_bytes(), lane_number(wanted.lane), until], |row| {
            Ok(Timestamp::from_millis(row.get(0)?))
        })
        .optional()
}

fn read(row: &Row<'_>, wanted: Wanted) -> rusqlite::Result<Message> {
    let task = row.get_ref(3)?.as_str()?;
    let (id, due) = (MessageId(ulid(row, 1)?), Timestamp::from_millis(row.get(0)?));
    let account = ulid(row, 2)?;
    let place = Place { webhook: wanted.webhook, lane: wanted.lane, due, id };
    sum_of(place, &account.to_bytes(), task).expect(row.get(4)?, "messages")?;
    let Beside { chore, trace } = beside(task)?;
    Ok(Message {
        id,
        account: AccountId(account),
        webhook: wanted.webhook,
        lane: wanted.lane,
        due,
        task: serde_json::from_str(task).map_err(unreadable)?,
        chore,
        trace,
    })
}

/// Returns the checksum of a message's row.
fn sum_of(place: Place, account: &[u8], task: &str) -> Checksum {
    let sum = Checksum::default().blob(&place.webhook.0.to_bytes());
    let sum = sum.integer(lane_number(place.lane)).integer(place.due.as_millis());
    sum.blob(&place.id.0.to_bytes()).blob(account).text(task)
}

/// Text of a message's task. Beside the task's fields it has the chore and the trace, if there are any.
pub(crate) fn task(message: &Message) -> Result<String, Unavailable> {
    let Message { task, chore, trace, .. } = message;
    if chore.is_none() && trace.is_none() {
        return to_json(task);
    }
    let beside = Beside { chore: chore.clone(), trace: *trace };
    to_json(&WholeTask { task: *task, beside })
}

/// Reads what is beside the task in its text. Nearly none has anything, so that is looked for first.
fn beside(task: &str) -> rusqlite::Result<Beside> {
    if !task.contains("\"trace\":") && !task.contains("\"chore\":") {
        return Ok(Beside::default());
    }
    serde_json::from_str(task).map_err(unreadable)
}

/// Stored form of the task of a message that has more.
#[derive(Serialize)]
struct WholeTask {
    #[serde(flatten)]
    task: Task,
    #[serde(flatten)]
    beside: Beside,
}

/// Parts of a message beside its task.
#[derive(Default, Serialize, Deserialize)]
struct Beside {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    chore: Option<Chore>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trace: Option<TraceContext>,
}

fn ulid(row: &Row<'_>, column: usize) -> rusqlite::Result<Ulid> {
    row.get(column).map(Ulid::from_bytes)
}

const fn lane_number(lane: Lane) -> i64 {
    match lane {
        Lane::First => 0,
        Lane::Retry => 1,
    }
}

fn lane_from(number: i64) -> rusqlite::Result<Lane> {
    match number {
        0 => Ok(Lane::First),
        1 => Ok(Lane::Retry),
        _ => Err(unreadable(format!("{number} is not a lane"))),
    }
}
