//! Delivery to an Amazon SNS topic: the requests that SNS would get.

use std::collections::BTreeMap;

use http::HeaderMap;
use latchhook_scenarios::{Account, Backend, Received, Receiver, Reply, Settings, Value, json};

const PUBLISHED: &str = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\
    <PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult>\
    <ResponseMetadata><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata>\
    </PublishResponse>";
const REFUSED: &str = "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\
    <Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error>\
    <RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ErrorResponse>";
const URL: &str = "sns://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY@us-east-1/123456789012/reports";

fn fields(request: &Received) -> BTreeMap<String, String> {
    form_urlencoded::parse(&request.body).into_owned().collect()
}

/// Message attributes of a `Publish`, by name.
fn attributes(fields: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let field =
        |n: usize, part: &str| fields.get(&format!("MessageAttributes.entry.{n}.{part}")).cloned();
    (1..20).filter_map(|n| Some((field(n, "Name")?, field(n, "Value.StringValue")?))).collect()
}

#[tokio::test]
async fn the_same_body_and_signature_are_published_with_the_urls_credentials() {
    let sns =
        Receiver::always(Reply::ok().header("content-type", "text/xml").body(PUBLISHED)).await;
    let settings = Settings::default().with("AWS_ENDPOINT_URL_SNS", &sns.url(""));
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let hook = account.webhook(URL).await;
    let event = account.event("report.completed").await;
    let published = sns.next().await;
    let fields = fields(&published);
    assert_eq!(fields["Action"], "Publish");
    assert_eq!(fields["TopicArn"], "arn:aws:sns:us-east-1:123456789012:reports");
    let body: Value = serde_json::from_str(&fields["Message"]).unwrap();
    assert_eq!((&body["id"], &body["account_id"]), (&json!(event), &json!(account.id)));
    assert_eq!(
        body["webhook_url"],
        "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/reports"
    );
    let authorization = published.header("authorization");
    assert!(authorization.contains("Credential=AKIAIOSFODNN7EXAMPLE/"), "{authorization}");
    assert!(authorization.contains("/us-east-1/sns/aws4_request"), "{authorization}");

    let attributes = attributes(&fields);
    assert_eq!(attributes["type"], "report.completed");
    assert_eq!(attributes["webhook-id"], event);
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, attributes[name].parse().unwrap());
    }
    let webhook = standardwebhooks::Webhook::new(&hook.secret).unwrap();
    webhook.verify(fields["Message"].as_bytes(), &headers).unwrap();
    account.delivery_at("delivered", &event, &hook).await;
}

#[tokio::test]
async fn a_refused_publication_fails_and_is_tried_again() {
    let refused = Reply::status(403).header("content-type", "text/xml").body(REFUSED);
    let sns = Receiver::always(refused).await;
    let settings = Settings::default().with("AWS_ENDPOINT_URL_SNS", &sns.url(""));
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let hook = account.webhook(URL).await;
    let event = account.event("report.completed").await;
    let rows = account.attempts(&event, 1).await;
    let first = &rows[rows.len() - 1];
    assert_eq!(
        (&first["status"], &first["error"]["code"]),
        (&json!("failed"), &json!("sns_error"))
    );
    assert!(!first.to_string().contains("wJalrXUtnFEMI"), "{first}");

    sns.now_always(Reply::ok().header("content-type", "text/xml").body(PUBLISHED));
    let delivery = account.delivery_at("delivered", &event, &hook).await;
    assert!(delivery["attempts"].as_u64().unwrap() > 1);
}

#[tokio::test]
async fn an_event_over_the_sns_limit_is_refused_or_delivered_without_its_object() {
    let sns =
        Receiver::always(Reply::ok().header("content-type", "text/xml").body(PUBLISHED)).await;
    let settings = Settings::default().with("AWS_ENDPOINT_URL_SNS", &sns.url(""));
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let whole = json!({"webhook_url": URL, "environment": "test", "include_object": true});
    let hook = account.webhook_with(whole).await;
    let largest = 262_144 - 200;
    let event = |bytes: usize| {
        let object = json!({"id": "r", "object": "report", "filler": "x".repeat(bytes)});
        json!({"type": "report.completed", "environment": "test", "data": {"object": object}})
    };
    let refused = account.operator.post("/v1/events", event(largest)).await;
    refused.refused_for(413, "payload_too_large", "data.object");
    assert!(refused.text().contains(&hook.id), "{}", refused.text());

    // Accepted events arrive, just below the limit and as a reference.
    let taken = account.event_with(event(largest - 4096)).await;
    account.delivery_at("delivered", &taken, &hook).await;
    account.operator.patch(&hook.path, json!({"include_object": false})).await.is(200);
    let taken = account.event_with(event(largest)).await;
    let delivery = account.delivery_at("delivered", &taken, &hook).await;
    assert_eq!(delivery["attempts"], 1);
    for _ in 0..2 {
        let fields = fields(&sns.next().await);
        let attributes: usize =
            attributes(&fields).iter().map(|(name, value)| name.len() + 6 + value.len()).sum();
        assert!(fields["Message"].len() + attributes <= 262_144);
    }
}

#[tokio::test]
async fn a_payload_over_the_sns_limit_fails_once() {
    let sns =
        Receiver::always(Reply::ok().header("content-type", "text/xml").body(PUBLISHED)).await;
    let settings = Settings::default().with("AWS_ENDPOINT_URL_SNS", &sns.url(""));
    let Some(backend) = Backend::with(&settings) else { return };
    let account = Account::open(&backend).await;
    let hook = account.webhook(URL).await;
    let object = json!({"id": "r", "object": "report", "filler": "x".repeat(261_900)});
    let event = account
        .event_with(json!({"type": "a.b", "environment": "test", "data": {"object": object}}))
        .await;
    account.delivery_at("delivered", &event, &hook).await;
    account.operator.patch(&hook.path, json!({"include_object": true})).await.is(200);
    let since = json!({"webhook_id": hook.id});
    account.operator.post(&format!("/v1/events/{event}/resend"), since).await.is(202);
    let rows = account.attempts(&event, 2).await;
    assert_eq!(rows[0]["error"]["code"], "message_too_large", "{}", rows[0]);
    assert_eq!(rows[0]["next_attempt_at"], Value::Null);
    assert_eq!(account.delivery(&event, &hook).await["status"], "delivered");
}
