//! Scopes as the API shows them.

use domain::{Timestamp, key::Scope, key_scopes::RegisteredScope};
use serde::Serialize;
use utoipa::ToSchema;

/// A registered scope.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyScope)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "reports:read")]
    name: Scope,
    #[schema(example = "key_scope")]
    object: &'static str,
    #[schema(example = "Read reports.")]
    description: Option<String>,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    updated_at: Timestamp,
}

impl From<RegisteredScope> for Resource {
    fn from(scope: RegisteredScope) -> Self {
        let RegisteredScope { name, description, created_at, updated_at } = scope;
        Self { name, object: "key_scope", description, created_at, updated_at }
    }
}
