use domain::webhook::Filter;
use serde_json::{Value, value::RawValue};

use crate::text;

/// Filter of a webhook, and an event after a line break. Whatever is read is stored as it was written,
/// and read again as the same; an event that it matches matches as an alternative, too.
pub fn filter(data: &[u8]) {
    let Some((pattern, event)) =
        text(data).map(|text| text.split_once('\n').unwrap_or((text, "{}")))
    else {
        return;
    };
    let Ok(pattern) = serde_json::from_str::<Box<RawValue>>(pattern) else { return };
    let filter = match Filter::parse(&pattern) {
        Ok(filter) => filter,
        Err(why) => return assert!(why.path.starts_with("filter") && !why.what.is_empty()),
    };
    let stored = serde_json::to_string(&filter).unwrap();
    assert_eq!(stored, pattern.get());
    assert_eq!(serde_json::from_str::<Filter>(&stored).unwrap(), filter);
    let Ok(event) = serde_json::from_str::<Value>(event) else { return };
    let either = format!(r#"{{"$or":[{stored},{{"no such field":["x"]}}]}}"#);
    let either = RawValue::from_string(either).unwrap();
    if let Ok(either) = Filter::parse(&either) {
        assert_eq!(either.matches(&event), filter.matches(&event));
    }
}
