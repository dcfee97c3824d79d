//! Stored form of an event's planned deliveries: a list, or for many of them less than half as long,
//! so that an event for as many webhooks as an account may have fits into one item.

use std::{borrow::Cow, collections::BTreeMap};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::id::{Ulid, WebhookId};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::Planned;

/// Largest number of deliveries that are listed one by one.
const LISTED: usize = 500;
/// Length of a webhook's identifier in bytes.
const ID: usize = 16;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored<'a> {
    Listed(Cow<'a, [Planned]>),
    /// Identifiers of webhooks in base64, one behind the other, by the webhooks' generation.
    Packed(BTreeMap<String, String>),
}

/// Writes the planned deliveries.
///
/// # Errors
/// The serializer's.
pub(super) fn serialize<S: Serializer>(
    planned: &[Planned],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if planned.len() <= LISTED {
        return Stored::Listed(Cow::Borrowed(planned)).serialize(serializer);
    }
    let mut packed: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for Planned { webhook, generation } in planned {
        packed.entry(generation.to_string()).or_default().extend(webhook.0.to_bytes());
    }
    let packed = packed.into_iter().map(|(generation, ids)| (generation, BASE64.encode(ids)));
    Stored::Packed(packed.collect()).serialize(serializer)
}

/// Reads the planned deliveries, in the order of their webhooks if they were packed.
///
/// # Errors
/// When they are in neither form.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Planned>, D::Error> {
    let packed = match Stored::deserialize(deserializer)? {
        Stored::Listed(planned) => return Ok(planned.into_owned()),
        Stored::Packed(packed) => packed,
    };
    let mut planned = Vec::new();
    for (generation, ids) in packed {
        let generation = generation.parse().map_err(D::Error::custom)?;
        let ids = BASE64.decode(ids).map_err(D::Error::custom)?;
        let (ids, rest) = ids.as_chunks::<ID>();
        if !rest.is_empty() {
            return Err(D::Error::custom("a webhook's identifier is cut off"));
        }
        let webhook = |id: &[u8; ID]| WebhookId(Ulid::from_bytes(*id));
        planned.extend(ids.iter().map(|id| Planned { webhook: webhook(id), generation }));
    }
    planned.sort_unstable_by_key(|planned| planned.webhook);
    Ok(planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Event(#[serde(with = "super")] Vec<Planned>);

    /// Planned deliveries of so many webhooks, of several generations.
    fn planned(number: u32) -> Vec<Planned> {
        let one = |number: u32| Planned {
            webhook: WebhookId(Ulid::from(u128::from(number) << 90 | 7)),
            generation: number % 3,
        };
        (0..number).map(one).collect()
    }

    fn pairs(planned: &[Planned]) -> Vec<(WebhookId, u32)> {
        planned.iter().map(|planned| (planned.webhook, planned.generation)).collect()
    }

    #[test]
    fn planned_deliveries_are_read_as_they_were_written() {
        for number in [0, 1, 500, 501, 10_000] {
            let written = serde_json::to_string(&Event(planned(number))).unwrap();
            let read: Event = serde_json::from_str(&written).unwrap();
            assert_eq!(pairs(&read.0), pairs(&planned(number)), "{number}");
        }
    }

    #[test]
    fn ten_thousand_planned_deliveries_leave_room_for_the_object() {
        let written = serde_json::to_string(&Event(planned(10_000))).unwrap();
        assert!(written.len() < 216 * 1024, "{} bytes", written.len());
    }

    #[test]
    fn what_is_in_neither_form_is_an_error() {
        for damaged in [r#"{"0":"AAAA"}"#, r#"{"x":""}"#, "7", r#"[{"webhook":"wh_"}]"#] {
            assert!(serde_json::from_str::<Event>(damaged).is_err(), "{damaged}");
        }
    }
}
