//! Names that lead to other addresses than it seems.

use domain::delivery::{Failure, FailureCode};
use futures_util::FutureExt as _;
use guard::AllowNetworks;
use latchhook_sender::Options;
use ports::{
    Resolve, Sender as _, Vetting as _,
    resolve::{Asker, Unresolved},
    sender::Refused,
};

use crate::support::{Names, Sending, Server, account, failed, loopback, outgoing, parse};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

fn forbidden() -> Failure {
    failed(FailureCode::Forbidden, "the host is not publicly reachable")
}

#[tokio::test]
async fn a_name_that_turns_private_after_registration_is_refused() {
    let server = Server::answering(OK).await;
    let names = Names::answering(&[&["93.184.215.14"], &["127.0.0.1"]]);
    let sending = Sending::with(Options::default(), names.clone());
    let url = format!("http://rebind.example:{}/", server.port());
    assert_eq!(sending.vet(&url).await, Ok(()));
    assert_eq!(sending.failure(&url).await, forbidden());
    assert_eq!(server.accepted(), 0);
    assert_eq!(names.asked(), ["rebind.example", "rebind.example"]);
}

#[tokio::test]
async fn the_addresses_that_passed_are_the_ones_connected_to() {
    let allowed = Server::start_at("127.0.0.2:0", answer_once).await;
    let victim = Server::start_at(&format!("127.0.0.1:{}", allowed.port()), answer_once).await;
    let options = Options { allow_networks: "127.0.0.2/32".parse().unwrap(), ..Options::default() };
    let sending = Sending::with(options, Names::answering(&[&["127.0.0.1", "127.0.0.2"]]));
    let url = format!("http://mixed.example:{}/", allowed.port());
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!((victim.accepted(), allowed.accepted()), (0, 1));
}

async fn answer_once(mut connection: crate::support::Connection) {
    connection.request().await;
    connection.say(OK.as_bytes()).await;
}

#[tokio::test]
async fn one_forbidden_address_refuses_a_name_at_registration() {
    let names = Names::answering(&[&["93.184.215.14", "10.0.0.1"]]);
    let sending = Sending::with(Options::default(), names);
    let vetted = sending.vet("https://mixed.example/").await;
    assert_eq!(vetted, Err(Refused::NotPublic));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_passes_registration() {
    let sending = Sending::with(Options::default(), Names::none());
    assert_eq!(sending.vet("https://later.example/").await, Ok(()));
}

/// Resolver that never answers.
struct NeverResolves;

#[async_trait::async_trait]
impl Resolve for NeverResolves {
    async fn resolve(&self, _: Asker, _: &str) -> Result<Vec<std::net::IpAddr>, Unresolved> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_name_that_resolves_too_slowly_passes_registration() {
    let clock = std::sync::Arc::new(crate::support::TestClock::default());
    let vetter = guard::Vetter::new(
        AllowNetworks::default(),
        clock.clone(),
        std::sync::Arc::new(NeverResolves),
    );
    let patience = std::time::Duration::from_secs(5);
    let url = parse("https://slow.example/");
    let (answer, ()) = tokio::join!(vetter.vet(account(1), &url), async {
        clock.is_waited_for(patience).await;
        clock.advance(patience);
    });
    assert_eq!(answer, Ok(()));
}

#[tokio::test]
async fn look_ups_for_registration_and_sending_are_counted_for_the_account() {
    let names = Names::answering(&[&["10.0.0.1"]]);
    let sending = Sending::with(Options::default(), names.clone());
    let url = parse("https://hooks.example/");
    for number in [1, 2] {
        assert_eq!(sending.vetter.vet(account(number), &url).await, Err(Refused::NotPublic));
        sending.outbound.send(account(number), &url, outgoing()).await.unwrap();
    }
    let expected = [1, 1, 2, 2].map(|number| Asker::Account(account(number)));
    assert_eq!(names.askers(), expected);
}

#[tokio::test]
async fn waiting_look_ups_of_an_account_are_bounded_and_do_not_delay_others() {
    let clock = std::sync::Arc::new(crate::support::TestClock::default());
    let vetter =
        guard::Vetter::new(AllowNetworks::default(), clock, std::sync::Arc::new(NeverResolves));
    let url = parse("https://slow.example/");
    let mut waiting: Vec<_> = (0..64).map(|_| vetter.vet(account(1), &url)).collect();
    for vetting in &mut waiting {
        assert_eq!(vetting.now_or_never(), None);
    }
    assert_eq!(vetter.vet(account(1), &url).now_or_never(), Some(Ok(())));
    assert_eq!(vetter.vet(account(2), &url).now_or_never(), None);
    let forbidden = parse("https://10.0.0.1/");
    assert_eq!(vetter.vet(account(1), &forbidden).await, Err(Refused::NotPublic));
    drop(waiting);
    assert_eq!(vetter.vet(account(1), &url).now_or_never(), None);
}

#[tokio::test]
async fn private_names_are_not_even_looked_up() {
    let names = Names::answering(&[&["93.184.215.14"]]);
    let sending = Sending::with(Options::default(), names.clone());
    for url in ["https://localhost/", "https://db/", "https://metadata.google.internal/"] {
        assert_eq!(sending.vet(url).await, Err(Refused::NotPublic), "{url}");
        assert_eq!(sending.failure(url).await, forbidden(), "{url}");
    }
    assert_eq!(names.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_private_name_may_only_lead_to_an_allowed_network() {
    let server = Server::answering(OK).await;
    let url = format!("http://localhost:{}/", server.port());
    let inward = Sending::with(loopback(), Names::loopback());
    assert_eq!(inward.vet(&url).await, Ok(()));
    assert_eq!(inward.answer(&url).await.status, 200);
    let outward = Sending::with(loopback(), Names::answering(&[&["93.184.215.14"]]));
    assert_eq!(outward.vet(&url).await, Err(Refused::NotPublic));
    let nowhere = Sending::with(loopback(), Names::none());
    assert_eq!(nowhere.vet(&url).await, Err(Refused::NotPublic));
}

#[tokio::test]
async fn an_address_in_a_url_is_checked_at_every_attempt() {
    let server = Server::answering(OK).await;
    let sending = Sending::with(Options::default(), Names::none());
    assert_eq!(sending.failure(&server.url()).await, forbidden());
    let mapped = format!("http://[::ffff:127.0.0.1]:{}/", server.port());
    assert_eq!(sending.failure(&mapped).await, forbidden());
    assert_eq!(sending.failure("http://[::1]:9/").await, forbidden());
    assert_eq!(server.accepted(), 0);
}
