//! Report of a received request.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{Timestamp, envelope::HeaderNames, signing::SignedHeaders};
use http::StatusCode;
use serde::{Serialize, Serializer};

use super::{tone, verifier::Verifier};
use crate::{
    client::Document,
    commands::show,
    output::{Output, Tone, harmless, harmless_bytes},
    receiver::Arrived,
};

/// Report of a received request; `--json` prints it as it is.
#[derive(Serialize)]
pub(super) struct Report {
    received_at: Timestamp,
    method: String,
    path: String,
    /// Identifier of the event, the same on every attempt.
    webhook_id: Option<String>,
    /// Result of the verification; `None` without a secret.
    verified: Option<bool>,
    /// Reason why it is not verified.
    problem: Option<String>,
    /// Status of the answer; none if there will be none.
    #[serde(serialize_with = "number")]
    pub(super) status: Option<StatusCode>,
    /// Reason why it could not be forwarded.
    pub(super) forward_error: Option<String>,
    body: Body,
    /// Bytes of a body that is not text.
    #[serde(skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

/// Body as it came.
#[derive(Serialize)]
#[serde(untagged)]
enum Body {
    /// JSON; keeps its text.
    Json(Document),
    /// Any other body. Bytes that are not text are shown as `\xff`.
    Text(String),
}

impl Body {
    fn of(bytes: &[u8]) -> Self {
        match (Document::parse(bytes), str::from_utf8(bytes)) {
            (Some(json), _) => Self::Json(json),
            (None, Ok(text)) => Self::Text(text.to_owned()),
            (None, Err(_)) => Self::Text(harmless_bytes(bytes)),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Json(json) => json.text(),
            Self::Text(text) => text,
        }
    }
}

#[expect(
    clippy::ref_option,
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature is serde's"
)]
fn number<S: Serializer>(status: &Option<StatusCode>, serializer: S) -> Result<S::Ok, S::Error> {
    status.map(|status| status.as_u16()).serialize(serializer)
}

impl Report {
    /// Verifies a request, if there is something to verify by.
    pub(super) fn of(arrived: &Arrived, verifier: Option<&Verifier>, now: Timestamp) -> Self {
        let verdict = verifier.map(|verifier| verify(arrived, verifier, now));
        let is_text = str::from_utf8(&arrived.body).is_ok();
        Self {
            received_at: now,
            method: arrived.method.to_string(),
            path: arrived.path.clone(),
            webhook_id: arrived.header(&names(arrived).id).map(str::to_owned),
            verified: verdict.as_ref().map(Result::is_ok),
            problem: verdict.and_then(Result::err),
            status: Some(StatusCode::OK),
            forward_error: None,
            body: Body::of(&arrived.body),
            body_base64: (!is_text).then(|| BASE64_STANDARD.encode(&arrived.body)),
        }
    }

    /// Returns the report as a line, with the body under it unless `brief`.
    pub(super) fn for_people(&self, output: &Output, brief: bool) -> String {
        let verdict = match (self.verified, &self.problem) {
            (None, _) => "unverified".to_owned(),
            (Some(true), _) => "verified".to_owned(),
            (Some(false), why) => {
                format!("NOT VERIFIED: {}", why.as_deref().unwrap_or("no reason"))
            }
        };
        let verdict = output.paint(tone(self.verified), verdict);
        let when = output.paint(Tone::Quiet, self.received_at);
        let id = self.webhook_id.as_deref().unwrap_or("(no webhook-id)");
        let line = format!(
            "{when}  {}  {}  {verdict}  -> {}{}",
            output.paint(Tone::Strong, harmless(&self.what())),
            harmless(id),
            self.status.map_or("no answer".to_owned(), |status| status.as_u16().to_string()),
            self.forward_error.as_ref().map(|why| format!(" ({why})")).unwrap_or_default(),
        );
        if brief { line } else { format!("{line}\n{}", self.indented_body()) }
    }

    /// Returns the event's type, or a description of any other request.
    fn what(&self) -> String {
        let kind = match &self.body {
            Body::Json(json) => json.at("/type"),
            Body::Text(_) => String::new(),
        };
        if kind.is_empty() { format!("{} {}", self.method, self.path) } else { kind }
    }

    fn indented_body(&self) -> String {
        let text = show::readable(self.body.text());
        text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
    }
}

/// Returns the names of the headers that sign the request: those of Standard Webhooks, or of another
/// prefix of which all three are there.
pub(super) fn names(arrived: &Arrived) -> HeaderNames {
    let prefixes =
        arrived.headers.keys().filter_map(|name| name.as_str().strip_suffix("-signature"));
    let mut sets = prefixes.map(HeaderNames::of);
    let is_whole = |names: &HeaderNames| {
        arrived.header(&names.id).is_some() && arrived.header(&names.timestamp).is_some()
    };
    let usual = HeaderNames::of("webhook");
    if arrived.header(&usual.id).is_some() { usual } else { sets.find(is_whole).unwrap_or(usual) }
}

fn verify(arrived: &Arrived, verifier: &Verifier, now: Timestamp) -> Result<(), String> {
    let names = names(arrived);
    let header =
        |name: &str| arrived.header(name).ok_or_else(|| format!("there is no {name} header"));
    let headers = SignedHeaders {
        id: header(&names.id)?,
        timestamp: header(&names.timestamp)?,
        signature: header(&names.signature)?,
    };
    verifier.verify(headers, &arrived.body, now).map_err(|why| why.to_string())
}
