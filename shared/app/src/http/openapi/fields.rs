//! Descriptions of common fields, for representations that don't describe them.

use utoipa::openapi::{
    RefOr,
    schema::{Components, Schema},
};

/// Descriptions of fields that mean the same everywhere.
const MEANINGS: &[(&str, &str)] = &[
    ("account_external_id", "What the operator's own system calls the account."),
    ("account_id", "Whose it is."),
    ("actor", "Who did it."),
    ("api_key_id", "With which key; `null` where it was none of the account's."),
    ("closed_at", "When it was closed; `null` while it is open."),
    ("count", "How many."),
    ("created_at", "When it came to be."),
    ("credentialed_at", "When live mode was opened; `null` while it is closed."),
    ("data", "What it is about."),
    ("deleted_at", "When it was deleted; `null` while it is there."),
    ("description", "What people say of it."),
    ("duration_ms", "How long it took, in milliseconds."),
    ("environment", "Which of the account's two worlds it belongs to."),
    ("error", "What went wrong; `null` where nothing did."),
    ("event_id", "Of which event."),
    ("event_type", "The event's type."),
    ("event_types", "What it subscribes to: exact names, `report.*`, or `*`."),
    ("expires_at", "The instant it stops working; `null`: never."),
    ("headers", "Names and values; secret values are masked."),
    ("id", "Its identifier; sorts by creation."),
    ("ip", "The caller's address."),
    ("jurisdiction", "Where the subjects of its events live."),
    ("key", "The whole key."),
    ("key_id", "The key's identifier."),
    ("kind", "Which of the two logs it is a row of."),
    ("last_response_status", "What the receiver last answered; `null` before it did."),
    ("message", "A sentence for people."),
    ("method", "The request's method."),
    ("name", "What it is called."),
    ("next_attempt_at", "When it is tried again; `null` where it is not."),
    ("object", "What kind of object this is."),
    ("path", "The request's path, without its query."),
    ("request", "The request."),
    ("request_id", "The request's identifier, as in `X-Request-Id`."),
    ("response", "The response; `null` where there was none."),
    ("response_status", "The status of the response; `null` where there was none."),
    ("signing_secret", "The secret that deliveries are signed with, `whsec_` and base64."),
    ("status", "How it stands, or the status of the response."),
    ("trigger", "What made the attempt."),
    ("type", "Its type."),
    ("updated_at", "When it last changed."),
    ("uri", "Its path in this API."),
    ("user_agent", "The caller's `User-Agent`."),
    ("valid", "Whether the key may be used as asked."),
    ("webhook_id", "Which webhook."),
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
