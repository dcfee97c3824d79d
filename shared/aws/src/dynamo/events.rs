//! Reads of event streams, of each account's history, and of all events.

use std::error::Error;

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, types::AttributeValue};
use domain::id::{AccountId, AuditId};
use ports::{
    Corrupt, ReadError, Unavailable,
    store::{
        EventName, HistoryPart, HistoryQuery, NewEvent, Order, RecordedEvent, StreamId,
        StreamQuery, StreamsQuery,
    },
};
use serde_json::value::RawValue;

use super::{
    DynamoStore,
    attributes::{Item, number, read_number, read_text, text, views_key},
    batch::How,
};
use crate::failure::unavailable;

/// Largest number of events of one page of a replay.
const PAGE: usize = 1000;

impl DynamoStore {
    /// Returns a page of one stream's events.
    pub(super) async fn events_of_stream(
        &self,
        page: &StreamQuery,
    ) -> Result<Vec<RecordedEvent>, ReadError> {
        let mut query = self
            .client
            .query()
            .table_name(&self.tables.events)
            .expression_attribute_names("#stream", "stream")
            .expression_attribute_values(":stream", text(page.stream.to_string()))
            .scan_index_forward(page.order == Order::Ascending)
            .consistent_read(true);
        query = match page.past {
            None => query.key_condition_expression("#stream = :stream"),
            Some(past) => query
                .key_condition_expression(format!(
                    "#stream = :stream AND #version {} :past",
                    beyond(page.order)
                ))
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":past", number(past)),
        };
        let items = all_pages(query, "reading a stream", page.limit).await?;
        Ok(items.iter().map(recorded).collect::<Result<_, _>>()?)
    }

    /// Returns the version of the last event of `stream`.
    pub(super) async fn end_of(&self, stream: StreamId) -> Result<u64, ReadError> {
        let last = StreamQuery { stream, order: Order::Descending, past: None, limit: 1 };
        Ok(self.events_of_stream(&last).await?.first().map_or(0, |last| last.version))
    }

    /// Returns the streams of one kind that an account has, greatest subject first.
    pub(super) async fn streams_of_account(
        &self,
        wanted: &StreamsQuery,
    ) -> Result<Vec<StreamId>, ReadError> {
        if wanted.below.as_str() <= wanted.kind.prefix() {
            // DynamoDB refuses a range whose ends are the wrong way round.
            return Ok(vec![]);
        }
        let query = self
            .client
            .query()
            .table_name(&self.tables.views)
            .key_condition_expression("pk = :streams AND sk BETWEEN :first AND :below")
            .expression_attribute_values(":streams", text(streams_of(wanted.account)))
            .expression_attribute_values(":first", text(wanted.kind.prefix()))
            .expression_attribute_values(":below", text(&wanted.below))
            .scan_index_forward(false)
            .consistent_read(true);
        // One more: the bound is part of the range.
        let items = all_pages(query, "listing streams", wanted.limit.saturating_add(1)).await?;
        let subjects = items.iter().map(|item| read_text(item, "sk"));
        let subjects: Vec<&str> = subjects.collect::<Result<_, _>>()?;
        let is_wanted = |subject: &&str| {
            *subject < wanted.below.as_str() && subject.starts_with(wanted.kind.prefix())
        };
        let named = |subject| {
            let stream = format!("{}/{subject}", wanted.account).parse();
            stream.map_err(|why| Corrupt::new("listing streams", why))
        };
        let wanted = subjects.into_iter().filter(is_wanted).take(wanted.limit);
        Ok(wanted.map(named).collect::<Result<_, Corrupt>>()?)
    }

    /// Returns a page of an account's history.
    pub(super) async fn events_of_account(
        &self,
        page: &HistoryQuery,
    ) -> Result<Vec<RecordedEvent>, ReadError> {
        let mut pages = Vec::new();
        for part in page.parts() {
            let listed = self.listed(page, *part).await?;
            let found = self.fetch(&self.tables.events, listed, How::WHOLE).await?;
            pages.push(found.iter().map(recorded).collect::<Result<_, Corrupt>>()?);
        }
        Ok(page.merge(pages))
    }

    /// Returns the keys of the events that one part of a history lists.
    async fn listed(&self, page: &HistoryQuery, part: HistoryPart) -> Result<Vec<Item>, ReadError> {
        let mut query = self
            .client
            .query()
            .table_name(&self.tables.views)
            .expression_attribute_values(":history", text(history_of(page.account, part)))
            .scan_index_forward(page.order == Order::Ascending)
            .consistent_read(true);
        query = match page.past {
            None => query.key_condition_expression("pk = :history"),
            Some(event) => query
                .key_condition_expression(format!(
                    "pk = :history AND sk {} :past",
                    beyond(page.order)
                ))
                .expression_attribute_values(":past", text(event.to_string())),
        };
        let listed = all_pages(query, "reading a history", page.limit).await?;
        let key =
            |item: &Item| Ok(key_item(read_text(item, "stream")?, read_number(item, "version")?));
        Ok(listed.iter().map(key).collect::<Result<_, Corrupt>>()?)
    }

    /// Returns a page of all events, after the place at which an earlier page ended. DynamoDB
    /// returns whole streams one after another, each in its order.
    pub(super) async fn all_events(
        &self,
        after: Option<&str>,
        most: usize,
    ) -> Result<(Vec<RecordedEvent>, Option<String>), ReadError> {
        let limit = i32::try_from(most.clamp(1, PAGE)).unwrap_or(i32::MAX);
        let scan = self.client.scan().table_name(&self.tables.events).limit(limit);
        let scan = scan.set_exclusive_start_key(after.map(parse_place).transpose()?);
        let page = scan.consistent_read(true).send().await;
        let page = page.map_err(|error| unavailable("replaying events", error))?;
        let events = page.items().iter().map(recorded).collect::<Result<_, _>>()?;
        let next = page.last_evaluated_key().map(place).transpose()?;
        Ok((events, next))
    }
}

/// Returns the comparison that holds for what comes after a place in `order`.
const fn beyond(order: Order) -> &'static str {
    match order {
        Order::Ascending => ">",
        Order::Descending => "<",
    }
}

/// Returns the items of all pages of `query`, up to `most`.
pub(super) async fn all_pages(
    query: QueryFluentBuilder,
    what: &'static str,
    most: usize,
) -> Result<Vec<Item>, ReadError> {
    let mut items = Vec::new();
    let mut start = None;
    while items.len() < most {
        let left = i32::try_from(most - items.len()).ok();
        let page = query.clone().set_limit(left).set_exclusive_start_key(start).send().await;
        let page = page.map_err(|error| unavailable(what, error))?;
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
fn place(key: &Item) -> Result<String, Corrupt> {
    Ok(format!("{} {}", read_number::<u64>(key, "version")?, read_text(key, "stream")?))
}

fn parse_place(place: &str) -> Result<Item, Corrupt> {
    let parsed =
        place.split_once(' ').and_then(|(version, stream)| Some((version.parse().ok()?, stream)));
    let wrong =
        || Corrupt::new("replaying events", format!("{place:?} is not a place in a replay"));
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
pub(super) fn history_key(account: AccountId, part: HistoryPart, event: AuditId) -> Item {
    views_key(&history_of(account, part), &event.to_string())
}

/// Returns the key of a stream among those of its account; none if it is listed nowhere.
pub(super) fn stream_key(stream: StreamId) -> Option<Item> {
    match stream {
        StreamId::Key(account, _) | StreamId::Webhook(account, _) => {
            Some(views_key(&streams_of(account), &stream.subject()))
        }
        StreamId::EventTypes
        | StreamId::KeyScopes
        | StreamId::OperatorToken(_)
        | StreamId::Account(_)
        | StreamId::Access(_) => None,
    }
}

/// Returns the partition of the names of an account's streams.
fn streams_of(account: AccountId) -> String {
    format!("#streams/{account}")
}

/// Returns the partition of a part of an account's history.
fn history_of(account: AccountId, part: HistoryPart) -> String {
    match part {
        HistoryPart::Changes => format!("#history/{account}"),
        HistoryPart::Accesses => format!("#accesses/{account}"),
    }
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

fn recorded(item: &Item) -> Result<RecordedEvent, Corrupt> {
    fn wrong(why: impl Into<Box<dyn Error + Send + Sync>>) -> Corrupt {
        Corrupt::new("reading an event", why)
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
