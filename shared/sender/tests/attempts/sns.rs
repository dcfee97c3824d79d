//! Deliveries to a server that plays the SNS endpoint.

mod signature;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::delivery::FailureCode;
use latchhook_sender::Options;
use ports::{
    Sender as _,
    resolve::Asker,
    sender::{Answer, Outcome},
};
use tokio::sync::mpsc;

use crate::support::{Names, Request, Sending, Server, account, failed, outgoing, parse};

const TOPIC: &str = "sns://AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\
                     @us-gov-west-1/123456789012/hooks";

const PUBLISHED: &str = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\">\
    <PublishResult><MessageId>m-1</MessageId></PublishResult>\
    <ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></PublishResponse>";

const REFUSED: &str = "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error>\
    <Type>Sender</Type><Code>InvalidClientTokenId</Code>\
    <Message>User arn:aws:iam::123456789012:user/hush is unknown</Message></Error>\
    <RequestId>r-2</RequestId></ErrorResponse>";

async fn playing(
    status: &'static str,
    body: &'static str,
) -> (Server, mpsc::UnboundedReceiver<Request>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let sender = sender.clone();
        async move {
            while let Some(request) = connection.request().await {
                sender.send(request).unwrap();
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status}\r\nx-amzn-requestid: r-1\r\n\
                     content-length: {length}\r\n\r\n{body}"
                );
                connection.say(answer.as_bytes()).await;
            }
        }
    })
    .await;
    (server, receiver)
}

/// Returns a sender whose guard allows no private network: the operator's endpoint is exempt.
fn publishing_to(server: &Server) -> Sending {
    let endpoint = format!("http://127.0.0.1:{}", server.port());
    let options = Options { sns_endpoint: Some(endpoint), ..Options::default() };
    Sending::with(options, Names::none())
}

#[tokio::test]
async fn a_delivery_is_published_signed_with_its_headers_as_attributes() {
    let (server, mut requests) = playing("200 OK", PUBLISHED).await;
    let sending = publishing_to(&server);
    assert_eq!(sending.vet(TOPIC).await, Ok(()));
    let answered = Answer {
        status: 200,
        headers: vec![("x-amzn-requestid".to_owned(), "r-1".to_owned())],
        body_excerpt: r#"{"MessageId":"m-1"}"#.to_owned(),
        retry_after_seconds: None,
    };
    assert_eq!(sending.send(TOPIC).await, Outcome::Answered(answered));

    let request = requests.recv().await.unwrap();
    assert_eq!(request.line, "POST / HTTP/1.1");
    let signed_by = "AWS4-HMAC-SHA256 \
        Credential=AKIAIOSFODNN7EXAMPLE/20260131/us-gov-west-1/sns/aws4_request, ";
    assert!(request.headers["authorization"].starts_with(signed_by), "{request:?}");
    signature::assert_signed(&request, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    assert!(!format!("{request:?}").contains("K7MDENG"));

    let form: BTreeMap<_, _> = form_urlencoded::parse(request.body.as_bytes()).collect();
    assert_eq!(form["Action"], "Publish");
    assert_eq!(form["TopicArn"], "arn:aws-us-gov:sns:us-gov-west-1:123456789012:hooks");
    assert_eq!(form["Message"], r#"{"id":"evt_1"}"#);
    assert_eq!(
        attributes(&form),
        [
            ("type", "report.completed"),
            ("webhook-id", "evt_1"),
            ("webhook-signature", "v1,c2lnbmVk"),
            ("webhook-timestamp", "1769851800"),
        ]
    );
}

fn attributes<'a>(
    form: &'a BTreeMap<std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>>,
) -> Vec<(&'a str, &'a str)> {
    let names = form.iter().filter(|(name, _)| name.ends_with(".Name"));
    let mut attributes: Vec<(&str, &str)> = names
        .map(|(key, name)| {
            let entry = key.trim_end_matches(".Name");
            assert_eq!(form[format!("{entry}.Value.DataType").as_str()], "String");
            (&**name, &*form[format!("{entry}.Value.StringValue").as_str()])
        })
        .collect();
    attributes.sort_unstable();
    attributes
}

#[tokio::test]
async fn topics_are_published_to_with_their_own_credentials() {
    let (server, mut requests) = playing("200 OK", PUBLISHED).await;
    let sending = publishing_to(&server);
    for key_id in ["AKIAIOSFODNN7EXAMPLE", "AKIAOTHEROTHEROTHER1", "AKIAIOSFODNN7EXAMPLE"] {
        let url = format!("sns://{key_id}:key@eu-west-1/123456789012/hooks");
        assert_eq!(sending.answer(&url).await.status, 200);
        let authorization = &requests.recv().await.unwrap().headers["authorization"];
        assert!(authorization.contains(&format!("Credential={key_id}/20260131/eu-west-1/")));
    }
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_changed_key_signs_later_deliveries() {
    let (server, mut requests) = playing("200 OK", PUBLISHED).await;
    let sending = publishing_to(&server);
    for key in ["one", "two", "one"] {
        let url = format!("sns://AKIAIOSFODNN7EXAMPLE:{key}@eu-west-1/123456789012/hooks");
        sending.answer(&url).await;
        signature::assert_signed(&requests.recv().await.unwrap(), key);
    }
}

#[tokio::test]
async fn a_refusal_is_reported_by_its_code_and_not_retried() {
    for status in ["403 Forbidden", "500 Internal Server Error"] {
        let (server, mut requests) = playing(status, REFUSED).await;
        let message = format!("SNS answered {}: InvalidClientTokenId", &status[..3]);
        let failure = publishing_to(&server).failure(TOPIC).await;
        assert_eq!(failure, failed(FailureCode::Sns, &message));
        requests.recv().await.unwrap();
        assert!(requests.try_recv().is_err());
    }
}

#[tokio::test]
async fn an_answer_that_is_not_from_sns_is_a_failure() {
    let (server, _requests) = playing("200 OK", "<html>hello</html>").await;
    let failure = publishing_to(&server).failure(TOPIC).await;
    let message = "SNS gave an answer that can't be parsed";
    assert_eq!(failure, failed(FailureCode::Protocol, message));
}

#[tokio::test]
async fn the_guard_checks_the_regions_address_without_a_configured_endpoint() {
    let names = Names::answering(&[&["10.0.0.1"]]);
    let sending = Sending::with(Options::default(), names.clone());
    let message = "the host is not publicly reachable";
    assert_eq!(sending.failure(TOPIC).await, failed(FailureCode::Forbidden, message));
    assert_eq!(names.asked(), ["sns.us-gov-west-1.amazonaws.com"]);
}

#[tokio::test]
async fn look_ups_of_a_configured_endpoint_are_counted_for_the_operator() {
    let names = Names::loopback();
    let (server, _requests) = playing("200 OK", PUBLISHED).await;
    let endpoint = format!("http://sns.example:{}", server.port());
    let options = Options { sns_endpoint: Some(endpoint), ..Options::default() };
    let sending = Sending::with(options, names.clone());
    assert_eq!(sending.answer(TOPIC).await.status, 200);
    assert_eq!(names.askers(), [Asker::Operator]);

    let names = Names::none();
    let sending = Sending::with(Options::default(), names.clone());
    for number in [1, 2] {
        sending.outbound.send(account(number), &parse(TOPIC), outgoing()).await.unwrap();
    }
    assert_eq!(names.askers(), [1, 2].map(|number| Asker::Account(account(number))));
}

#[tokio::test]
async fn a_refused_connection_is_a_connection_error() {
    let (server, _requests) = playing("200 OK", PUBLISHED).await;
    let sending = publishing_to(&server);
    drop(server);
    tokio::task::yield_now().await;
    let message = "the host refused the connection";
    assert_eq!(sending.failure(TOPIC).await, failed(FailureCode::Connection, message));
}

#[tokio::test]
async fn silence_ends_with_the_time_out() {
    let (got, mut requests) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let got = got.clone();
        async move {
            got.send(connection.request().await).unwrap();
            connection.hold().await;
        }
    })
    .await;
    let sending = Arc::new(publishing_to(&server));
    let attempt = tokio::spawn({
        let sending = sending.clone();
        async move { sending.failure(TOPIC).await }
    });
    requests.recv().await.unwrap();
    sending.clock.advance(Duration::from_secs(15));
    let expected = failed(FailureCode::Timeout, "no answer within the time-out");
    assert_eq!(attempt.await.unwrap(), expected);
}
