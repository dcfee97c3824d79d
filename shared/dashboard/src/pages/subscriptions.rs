//! Subscriptions of a webhook, as its form asks for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{EventType, List},
    },
    session::Fields,
    words::FormWords,
};

/// Subscription to all types.
const ALL: &str = "*";
/// Type of a webhook's hourly statement, which has to be named.
const STATEMENT: &str = "webhook.statement";
/// Largest number of subscriptions of a webhook.
const MOST: usize = 100;

/// Choices that a webhook's form offers.
pub(crate) struct Choices {
    /// True if the webhook receives every event type.
    pub(crate) all: bool,
    /// Registered types, grouped by their first word.
    pub(crate) groups: Vec<Group>,
    /// True if more types are registered than are listed.
    pub(crate) more: bool,
    /// Subscriptions that are not in the list, separated by commas.
    pub(crate) others: String,
    /// Everything that is chosen, but for all events and the statement.
    pub(crate) chosen: Vec<String>,
    /// True if the webhook is sent its statement every hour.
    pub(crate) statement: bool,
}

/// Event types that begin with the same word.
pub(crate) struct Group {
    /// The subscription to all of them, such as `report.*`.
    pub(crate) pattern: String,
    pub(crate) chosen: bool,
    pub(crate) types: Vec<Choice>,
}

/// Event type to choose.
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) chosen: bool,
}

/// Largest number of pages of a hundred registered types that are read.
const MOST_PAGES: usize = 5;

/// Reads the registered types, as many as a form lists.
pub(crate) async fn registered(api: &Client) -> Result<List<EventType>, Refusal> {
    let mut types: List<EventType> = api.get("/v1/event_types?per_page=100").await?;
    for _ in 1..MOST_PAGES {
        let Some(cursor) = types.next() else { break };
        let path = format!("/v1/event_types?per_page=100&cursor={}", encoded(&cursor));
        let older: List<EventType> = api.get(&path).await?;
        types.data.extend(older.data);
        types.next_href = older.next_href;
    }
    types.data.reverse();
    Ok(types)
}

impl Choices {
    /// Builds the choices from `types`, with `chosen` checked.
    pub(crate) fn new(types: List<EventType>, chosen: &[String], all: bool) -> Self {
        let is_chosen = |name: &str| chosen.iter().any(|chosen| chosen == name);
        let more = types.next_href.is_some();
        let mut groups: BTreeMap<String, Vec<Choice>> = BTreeMap::new();
        for EventType { name, description, .. } in types.data {
            let word = name.split('.').next().unwrap_or_default().to_owned();
            let choice = Choice {
                chosen: is_chosen(&name),
                description: description.unwrap_or_default(),
                name,
            };
            groups.entry(format!("{word}.*")).or_default().push(choice);
        }
        let known = |name: &String| {
            [ALL, STATEMENT].contains(&name.as_str())
                || groups.contains_key(name)
                || groups.values().flatten().any(|choice| choice.name == *name)
        };
        let others = chosen.iter().filter(|name| !known(name)).cloned().collect::<Vec<_>>();
        let groups = groups.into_iter().map(|(pattern, types)| Group {
            chosen: is_chosen(&pattern),
            pattern,
            types,
        });
        let groups = groups.collect();
        let statement = is_chosen(STATEMENT);
        let others = others.join(", ");
        let chosen = chosen.iter().filter(|name| ![ALL, STATEMENT].contains(&name.as_str()));
        Self { all, groups, more, others, chosen: chosen.cloned().collect(), statement }
    }
}

/// Refusal of the subscriptions that the form asks for, if there are none or too many.
pub(crate) fn wrong(asked: &[String], say: &FormWords) -> Option<Refusal> {
    let told = if asked.is_empty() {
        say.event_types_none()
    } else if asked.len() > MOST {
        say.event_types_many(MOST)
    } else {
        return None;
    };
    Some(Refusal::of("event_types", &told))
}

/// Subscriptions that the form asks for.
pub(crate) fn asked(fields: &Fields) -> Vec<String> {
    let statement = (fields.get("statement") == "true").then(|| STATEMENT.to_owned());
    if fields.get("hear") == "all" {
        return std::iter::once(ALL.to_owned()).chain(statement).collect();
    }
    let others = fields.get("other_types").split([',', ' ', '\n', '\r', '\t']);
    let others = others.filter(|text| !text.is_empty());
    let mut asked: Vec<String> =
        fields.all("event_types").into_iter().chain(others).map(str::to_owned).collect();
    asked.extend(statement);
    let wholes: Vec<String> = asked.iter().filter(|name| name.ends_with(".*")).cloned().collect();
    let is_covered = |name: &str| wholes.iter().any(|whole| name != whole && covers(whole, name));
    let mut seen = BTreeSet::new();
    asked.retain(|name| !is_covered(name) && seen.insert(name.clone()));
    asked
}

/// Returns whether a group such as `report.*` includes the type `name`: `webhook.statement` is in none.
fn covers(whole: &str, name: &str) -> bool {
    whole.strip_suffix('*').is_some_and(|prefix| name.starts_with(prefix) && name != STATEMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_asks_for_all_or_for_what_is_chosen_and_written() {
        let fields = Fields::parse(b"hear=all&event_types=report.created");
        assert_eq!(asked(&fields), ["*"]);
        let fields = Fields::parse(b"hear=some&event_types=report.*&other_types=a.b,+c.d");
        assert_eq!(asked(&fields), ["report.*", "a.b", "c.d"]);
        assert!(asked(&Fields::parse(b"hear=some")).is_empty());
        // A group that is ticked brings its members along.
        let fields = Fields::parse(b"hear=some&event_types=report.*&event_types=report.created");
        assert_eq!(asked(&fields), ["report.*"]);
        // The statement is in no group, and a choice beside all events.
        let fields = Fields::parse(b"hear=some&other_types=webhook.*&statement=true");
        assert_eq!(asked(&fields), ["webhook.*", "webhook.statement"]);
        let fields = Fields::parse(b"hear=all&statement=true");
        assert_eq!(asked(&fields), ["*", "webhook.statement"]);
    }

    #[test]
    fn what_is_chosen_is_found_again_registered_or_not() {
        let of = |name: &str| EventType {
            name: name.to_owned(),
            description: None,
            schema: None,
            updated_at: domain::Timestamp::EPOCH,
        };
        let subscribed = ["report.created", "invoice.*", "webhook.statement"].map(str::to_owned);
        let data = vec![of("report.created"), of("report.completed")];
        let choices = Choices::new(List { data, count: None, next_href: None }, &subscribed, false);
        assert!(!choices.all && choices.groups.len() == 1 && !choices.groups[0].chosen);
        assert_eq!(choices.groups[0].pattern, "report.*");
        assert_eq!(choices.groups[0].types.iter().filter(|choice| choice.chosen).count(), 1);
        assert_eq!(choices.others, "invoice.*");
        assert_eq!(choices.chosen, subscribed[..2]);
        assert!(choices.statement);
    }
}
