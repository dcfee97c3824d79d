//! Request of a `Publish`, signed with the topic's credentials.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use bytes::Bytes;
use domain::{
    Timestamp,
    delivery::{Failure, FailureCode},
    webhook::SnsTopic,
};
use http::{Request, header::CONTENT_TYPE};
use ports::sender::Outgoing;

use crate::failure::failure;

/// Version of the SNS API (SNS API reference, "Common Parameters").
const VERSION: &str = "2010-03-31";

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Builds the request that publishes the body as the message, with the headers and the event's type
/// as its attributes.
pub(super) fn build(
    endpoint: &str,
    topic: &SnsTopic,
    outgoing: Outgoing,
    now: Timestamp,
) -> Result<Request<Bytes>, Failure> {
    signed(endpoint, topic, outgoing, now)
        .map_err(|_| failure(FailureCode::Sns, "the delivery can't be written for SNS"))
}

fn signed(
    endpoint: &str,
    topic: &SnsTopic,
    outgoing: Outgoing,
    now: Timestamp,
) -> Result<Request<Bytes>, Cause> {
    let mut request = Request::post(endpoint)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Bytes::from(form(topic, outgoing)?))?;
    let credentials =
        Credentials::new(&topic.key_id, topic.access_key.expose(), None, None, "webhook_url");
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&topic.region)
        .name("sns")
        .time(system_time(now))
        .settings(SigningSettings::default())
        .build()?
        .into();
    let uri = request.uri().to_string();
    let headers = [(CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded")].into_iter();
    let signable = SignableRequest::new("POST", uri, headers, SignableBody::Bytes(request.body()))?;
    let (instructions, _) = sign(signable, &params)?.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Ok(request)
}

/// Writes the form. Fails if the body is not text: changed bytes would not match the signature.
fn form(topic: &SnsTopic, outgoing: Outgoing) -> Result<String, Cause> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", "Publish")
        .append_pair("Version", VERSION)
        .append_pair("TopicArn", &topic.arn())
        .append_pair("Message", std::str::from_utf8(&outgoing.body)?);
    let kind = ("type".into(), outgoing.event_type);
    for (number, (name, value)) in (1..).zip(outgoing.headers.into_iter().chain([kind])) {
        let entry = format!("MessageAttributes.entry.{number}");
        form.append_pair(&format!("{entry}.Name"), &name)
            .append_pair(&format!("{entry}.Value.DataType"), "String")
            .append_pair(&format!("{entry}.Value.StringValue"), &value);
    }
    Ok(form.finish())
}

fn system_time(now: Timestamp) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(0))
}
