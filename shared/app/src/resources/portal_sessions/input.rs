//! Input of portal sessions: the bodies that the operator sends.

use domain::{Capability, Secret};
use ports::store::Person;
use serde::{Deserialize, Deserializer, de::Error as _};
use utoipa::ToSchema;

use super::row::Terms;
use crate::{
    auth::Capabilities,
    http::{
        openapi::vocabulary,
        text::{Name, Text},
    },
};

/// A new portal session.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "expires_in": 3600,
    "actor": {"id": "user_7", "name": "Grace Hopper", "email": "grace@example.com"},
    "capabilities": ["keys:read", "webhooks:read", "logs:read"],
    "return_url": "https://app.example.com/settings",
}))]
pub(crate) struct CreatePortalSession {
    /// Duration of the session in seconds.
    #[serde(default)]
    #[schema(minimum = 60, maximum = 86400, default = 3600)]
    pub(super) expires_in: Option<u32>,
    /// Person of the customer's that it is for; the history names them.
    #[serde(default)]
    actor: Option<NewActor>,
    /// Everything that the session may do; by default all there is.
    #[serde(default)]
    #[schema(value_type = Option<Vec<vocabulary::Capability>>)]
    capabilities: Option<Vec<Capability>>,
    /// Address at your own site that the page leads back to.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048, example = "https://app.example.com/settings")]
    return_url: Option<WebAddress>,
}

/// Person of a customer's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewActor {
    /// Identifier that you have for them.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "user_7")]
    id: Name,
    /// Name of the person.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255, example = "Grace Hopper")]
    name: Option<Name>,
    /// Email address of the person.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 320, example = "grace@example.com")]
    email: Option<Text<320>>,
}

/// A sign-in code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "lhps_…"}))]
pub(crate) struct RedeemCode {
    /// Sign-in code, from after `?code=` in the session's `url`.
    #[schema(value_type = String, example = "lhps_…")]
    pub(super) code: Secret,
}

/// Address on the web.
#[derive(Debug)]
struct WebAddress(String);

impl<'de> Deserialize<'de> for WebAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Text(text) = Text::<2048>::deserialize(deserializer)?;
        let is_web = text.parse::<http::Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some_and(|host| !host.is_empty())
        });
        if is_web {
            Ok(Self(text))
        } else {
            Err(D::Error::custom("must be an http:// or https:// URL with a host"))
        }
    }
}

impl CreatePortalSession {
    /// Returns the terms of the session.
    pub(super) fn terms(self) -> Terms {
        let person = |NewActor { id, name, email }| Person {
            id: id.0,
            name: name.map(|name| name.0),
            email: email.map(|email| email.0),
        };
        Terms {
            actor: self.actor.map(person),
            capabilities: Capabilities::of(self.capabilities),
            return_url: self.return_url.map(|address| address.0),
        }
    }
}
