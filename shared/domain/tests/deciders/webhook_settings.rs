//! The rules of a webhook's headers and public keys.

use latchhook_domain::{
    signing::{Ed25519Key, PublicKey, Signing},
    webhook::{
        Change, Command, Created, Endpoint, Rejection, SecretRestored, SecretRotated, UrlChanged,
        Webhook,
    },
};

use crate::{
    specification::minute,
    webhook::{created, endpoint, given, headers, webhook},
};

fn public_key(number: u8) -> PublicKey {
    Ed25519Key::from_seed(&[number; 32]).public()
}

#[test]
fn authorization_is_sent_once() {
    let with_credentials =
        Endpoint { url: "https://me:****@a.example/".to_owned(), ..endpoint("a") };
    let authorized = || Some(headers(&["X-Tenant", "authorization"]));
    let create = |endpoint: Endpoint, headers| Command::Create {
        webhook: Created { endpoint, headers, ..webhook() },
        credentialed: false,
    };
    given([])
        .when(create(with_credentials.clone(), authorized()))
        .then_rejected(Rejection::SecondAuthorization);
    let set = |endpoint, headers| {
        Command::Update(Change { endpoint, headers: Some(headers), ..Change::default() })
    };
    given([created()])
        .when(set(Some(with_credentials.clone()), authorized()))
        .then_rejected(Rejection::SecondAuthorization);
    let having = |headers| given([Created { headers, ..webhook() }.into()]);
    let endpoint = with_credentials;
    let change = Change { endpoint: Some(endpoint.clone()), ..Change::default() };
    let moved = Command::Update(change);
    having(authorized()).when(moved.clone()).then_rejected(Rejection::SecondAuthorization);
    having(Some(headers(&["X-Tenant"]))).when(moved).then([UrlChanged { endpoint }.into()]);
}

#[test]
fn a_topic_takes_no_headers() {
    let topic = Endpoint {
        url: "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/t".to_owned(),
        ..endpoint("t")
    };
    let change = Change {
        endpoint: Some(topic.clone()),
        headers: Some(Some(headers(&["X-Tenant"]))),
        ..Change::default()
    };
    given([created()]).when(Command::Update(change.clone())).then_rejected(Rejection::HeadersToSns);
    let moved = given([created()]).when(Command::Update(Change { headers: None, ..change }));
    moved.then([UrlChanged { endpoint: topic }.into()]);
}

#[test]
fn public_keys_go_with_their_secrets() {
    let asymmetric = || given([Created { public_key: Some(public_key(0)), ..webhook() }.into()]);
    assert_eq!(asymmetric().state().signing(), Signing::Ed25519);
    assert_eq!(given([created()]).state().signing(), Signing::Hmac);
    assert_eq!(given([created()]).state().public_keys(minute(1)).count(), 0);
    let rotate =
        Command::RotateSecret { public_key: Some(public_key(1)), previous_expires_at: minute(10) };
    let event = SecretRotated {
        secret: 1,
        public_key: Some(public_key(1)),
        previous_expires_at: minute(10),
    };
    let rotated = || asymmetric().when(rotate.clone()).then([event.clone().into()]);
    let keys = |webhook: &Webhook, at| webhook.public_keys(at).collect::<Vec<_>>();
    let both = [(1, public_key(1)), (0, public_key(0))];
    assert_eq!(keys(&rotated().state(), minute(9)), both);
    assert_eq!(keys(&rotated().state(), minute(10)), both[..1]);
    let restored = SecretRestored { secret: 2 }.into();
    let restored = rotated().when(Command::RestoreSecret).then([restored]).state();
    assert_eq!(keys(&restored, minute(2)), [(2, public_key(0))]);
}
