//! Descriptions of common fields, for representations that don't describe them.

use utoipa::openapi::{
    RefOr,
    schema::{Components, Schema},
};

/// Descriptions of fields that mean the same everywhere.
const MEANINGS: &[(&str, &str)] = &[
    ("account_external_id", "The account's identifier in the operator's own system."),
    ("account_id", "The account that it belongs to."),
    ("actor", "The caller who did it."),
    ("api_key_id", "The key that was used; `null` if it was none of the account's."),
    ("closed_at", "Time of closing; `null` while it is open."),
    ("count", "The number of them."),
    ("created_at", "Time of creation."),
    ("credentialed_at", "Time at which live mode was opened; `null` while it is closed."),
    ("data", "The data that it carries."),
    ("deleted_at", "Time of deletion; `null` while it exists."),
    ("description", "Description for people."),
    ("duration_ms", "Duration in milliseconds."),
    ("environment", "The environment that it belongs to."),
    ("error", "The error; `null` if there was none."),
    ("event_id", "The event's identifier."),
    ("event_type", "The event's type."),
    ("event_types", "Subscribed event types: exact names, `report.*`, or `*`."),
    ("expires_at", "Instant at which it stops working; `null` for never."),
    ("headers", "Names and values; secret values are masked."),
    ("id", "Its identifier; sorts by creation."),
    ("ip", "The caller's address."),
    ("jurisdiction", "Jurisdiction of the subjects of its events."),
    ("key", "The whole key."),
    ("key_id", "The key's identifier."),
    ("kind", "Kind of log that the row is in."),
    ("last_response_status", "HTTP status of the receiver's last answer; `null` before the first."),
    ("message", "Message for people."),
    ("method", "The request's method."),
    ("name", "Its name."),
    ("next_attempt_at", "Time of the next attempt; `null` if there is none."),
    ("object", "Type of this object."),
    ("path", "The request's path, without its query."),
    ("request", "The request."),
    ("request_id", "The request's identifier, as in `X-Request-Id`."),
    ("response", "The response; `null` if there was none."),
    ("response_status", "HTTP status of the response; `null` if there was none."),
    (
        "signing_secret",
        "The secret that signs the deliveries, `whsec_` and base64, or the public key, `whpk_` and base64.",
    ),
    ("status", "Its status, or the HTTP status of the response."),
    ("trigger", "The trigger of the attempt."),
    ("type", "Its type."),
    ("updated_at", "Time of the last change."),
    ("uri", "Its path in this API."),
    ("user_agent", "The caller's `User-Agent`."),
    ("valid", "True if the key may be used as asked."),
    ("webhook_id", "The webhook's identifier."),
];

/// Gives every field without a description its common one.
pub(super) fn describe(components: &mut Components) {
    components.schemas.values_mut().for_each(describe_fields);
}

fn describe_fields(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            for (name, field) in &mut object.properties {
                let meaning = MEANINGS.iter().find(|(known, _)| known == name);
                if let Some((_, meaning)) = meaning {
                    describe_field(field, meaning);
                }
            }
        }
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter_mut().for_each(describe_fields),
        _ => {}
    }
}

fn describe_field(field: &mut RefOr<Schema>, meaning: &str) {
    let description = match field {
        RefOr::Ref(reference) => {
            if reference.description.is_empty() {
                meaning.clone_into(&mut reference.description);
            }
            return;
        }
        RefOr::T(Schema::Array(array)) => &mut array.description,
        RefOr::T(Schema::Object(object)) => &mut object.description,
        RefOr::T(Schema::OneOf(one)) if one.items.iter().any(says_something) => return,
        RefOr::T(Schema::OneOf(one)) => &mut one.description,
        RefOr::T(Schema::AllOf(all)) => &mut all.description,
        RefOr::T(Schema::AnyOf(any)) => &mut any.description,
        RefOr::T(_) => return,
    };
    description.get_or_insert_with(|| meaning.to_owned());
}

/// Returns whether a field has a description; an optional reference carries it beside the
/// reference.
fn says_something(part: &RefOr<Schema>) -> bool {
    matches!(part, RefOr::Ref(reference) if !reference.description.is_empty())
}
