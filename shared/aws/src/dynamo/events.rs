//! Reads of event streams, of each account's history, and of all events.

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use domain::id::{AccountId, AuditId};
use ports::{
    Unavailable,
    store::{EventName, NewEvent, RecordedEvent, StreamId},
};
use serde_json::value::RawValue;

use super::{
    DynamoStore,
    attributes::{Item, number, read_number, read_text, text, views_key},
};
use crate::failure::unavailable;

/// Largest number of events of one page of a replay.
const PAGE: usize = 1000;

impl DynamoStore {
    /// Returns the events of `stream` after version `after`.
    pub(super) async fn events_after(
        &self,
        stream: StreamId,
        after: u64,
    ) -> Result<Vec<RecordedEvent>, Unavailable> {
        let query = self
            .client
            .query()
            .table_name(&self.tables.events)
            .key_condition_expression("#stream = :stream AND #version > :after")
            .expression_attribute_names("#stream", "stream")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":stream", text(stream.to_string()))
            .expression_attribute_values(":after", number(after))
            .consistent_read(true);
        let items = all_pages(query, "reading a stream", usize::MAX).await?;
        items.iter().map(recorded).collect()
    }

    /// Returns up to `most` events of `account` before `before`, newest first.
    pub(super) async fn events_of(
        &self,
        account: AccountId,
        before: Option<AuditId>,
        most: usize,
    ) -> Result<Vec<RecordedEvent>, Unavailable> {
        let mut query = self
            .client
            .query()
            .table_name(&self.tables.views)
            .expression_attribute_values(":history", text(history_of(account)))
            .scan_index_forward(false)
            .consistent_read(true);
        query = match before {
            None => query.key_condition_expression("pk = :history"),
            Some(before) => query
                .key_condition_expression("pk = :history AND sk < :before")
                .expression_attribute_values(":before", text(before.to_string())),
        };
        let listed = all_pages(query, "reading a history", most).await?;
        let key =
            |item: &Item| Ok(key_item(read_text(item, "stream")?, read_number(item, "version")?));
        let keys: Vec<Item> = listed.iter().map(key).collect::<Result<_, Unavailable>>()?;
        let found = self.fetch(&self.tables.events, keys, None).await?;
        let mut events: Vec<RecordedEvent> =
            found.iter().map(recorded).collect::<Result<_, _>>()?;
        events.sort_by_key(|recorded| std::cmp::Reverse(recorded.event.id));
        Ok(events)
    }

    /// Returns a page of all events, after the place at which an earlier page ended. DynamoDB
    /// returns whole streams one after another, each in its order.
    pub(super) async fn all_events(
        &self,
        after: Option<&str>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), Unavailable> {
        let limit = i32::try_from(most.clamp(1, PAGE)).unwrap_or(i32::MAX);
        let scan = self.client.scan().table_name(&self.tables.events).limit(limit);
        let scan = scan.set_exclusive_start_key(after.map(parse_place).transpose()?);
        let page = scan.consistent_read(true).send().await;
        let page = page.map_err(|error| unavailable("replaying events", &error))?;
        let events = page.items().iter().map(recorded).collect::<Result<_, _>>()?;
        let next = page.last_evaluated_key().map(place).transpose()?;
        Ok((events, next))
    }
}

/// Returns the items of all pages of `query`, up to `most`.
pub(super) async fn all_pages(
    query: QueryFluentBuilder,
    what: &'static str,
    most: usize,
) -> Result<Vec<Item>, Unavailable> {
    let mut items = Vec::new();
    let mut start = None;
    while items.len() < most {
        let left = i32::try_from(most - items.len()).ok();
        let page = query.clone().set_limit(left).set_exclusive_start_key(start).send().await;
        let page = page.map_err(|error| unavailable(what, &error))?;
        items.extend(page.items.unwrap_or_default());
        start = page.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    Ok(items)
}

/// Returns the place from which a replay continues: a version and a stream, which contains no
/// space.
fn place(key: &Item) -> Result<String, Unavailable> {
    Ok(format!("{} {}", read_number::<u64>(key, "version")?, read_text(key, "stream")?))
}

fn parse_place(place: &str) -> Result<Item, Unavailable> {
    let parsed =
        place.split_once(' ').and_then(|(version, stream)| Some((version.parse().ok()?, stream)));
    let wrong = || {
        Unavailable::new("replaying events", format_args!("{place:?} is not a place in a replay"))
    };
    parsed.map(|(version, stream)| key_item(stream, version)).ok_or_else(wrong)
}

/// Returns the primary key of an event.
pub(super) fn event_key(stream: StreamId, version: u64) -> Item {
    key_item(&stream.to_string(), version)
}

fn key_item(stream: &str, version: u64) -> Item {
    Item::from([("stream".to_owned(), text(stream)), ("version".to_owned(), number(version))])
}

/// Returns the key of an event in its account's history.
pub(super) fn history_key(account: AccountId, event: AuditId) -> Item {
    views_key(&history_of(account), &event.to_string())
}

fn history_of(account: AccountId) -> String {
    format!("#history/{account}")
}

/// Encodes an event as an item.
pub(super) fn event_item(
    stream: StreamId,
    version: u64,
    event: &NewEvent,
) -> Result<Item, Unavailable> {
    let metadata = serde_json::to_string(&event.metadata)
        .map_err(|why| Unavailable::new("writing an event", why))?;
    let mut item = event_key(stream, version);
    let attributes: [(&str, AttributeValue); 5] = [
        ("id", text(event.id.to_string())),
        ("name", text(&event.name.name)),
        ("schema_version", number(event.name.schema_version)),
        ("payload", text(event.payload.get())),
        ("metadata", text(metadata)),
    ];
    item.extend(attributes.map(|(name, value)| (name.to_owned(), value)));
    Ok(item)
}

fn recorded(item: &Item) -> Result<RecordedEvent, Unavailable> {
    fn wrong(why: impl std::fmt::Display) -> Unavailable {
        Unavailable::new("reading an event", why)
    }
    let payload = read_text(item, "payload")?.to_owned();
    Ok(RecordedEvent {
        stream: read_text(item, "stream")?.parse().map_err(wrong)?,
        version: read_number(item, "version")?,
        event: NewEvent {
            id: read_text(item, "id")?.parse().map_err(wrong)?,
            name: EventName {
                name: read_text(item, "name")?.to_owned(),
                schema_version: read_number(item, "schema_version")?,
            },
            payload: RawValue::from_string(payload).map_err(wrong)?,
            metadata: serde_json::from_str(read_text(item, "metadata")?).map_err(wrong)?,
        },
    })
}
