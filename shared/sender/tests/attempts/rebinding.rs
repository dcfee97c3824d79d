//! Names that lead elsewhere than they seem to.

use domain::delivery::{Failure, FailureCode};
use guard::AllowNetworks;
use latchhook_sender::Options;
use ports::{Vetting as _, sender::Refused};

use crate::support::{Names, Sending, Server, failed, loopback, parse};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

fn forbidden() -> Failure {
    failed(FailureCode::Forbidden, "the host is not publicly reachable")
}

#[tokio::test]
async fn a_name_that_turns_inward_after_it_was_vetted_finds_nothing() {
    let server = Server::answering(OK).await;
    let names = Names::answering(&[&["93.184.215.14"], &["127.0.0.1"]]);
    let sending = Sending::with(Options::default(), names.clone());
    let url = format!("http://rebind.example:{}/", server.port());
    assert_eq!(sending.vetter.vet(&parse(&url)).await, Ok(()));
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
    let vetted = sending.vetter.vet(&parse("https://mixed.example/")).await;
    assert_eq!(vetted, Err(Refused::NotPublic));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_passes_registration() {
    let sending = Sending::with(Options::default(), Names::none());
    assert_eq!(sending.vetter.vet(&parse("https://later.example/")).await, Ok(()));
}

#[tokio::test]
async fn a_name_that_resolves_too_slowly_passes_registration() {
    struct Never;
    #[async_trait::async_trait]
    impl guard::Resolve for Never {
        async fn resolve(&self, _: &str) -> std::io::Result<Vec<std::net::IpAddr>> {
            std::future::pending().await
        }
    }
    let clock = std::sync::Arc::new(crate::support::TestClock::default());
    let vetter = guard::Vetter::with_resolver(
        AllowNetworks::default(),
        clock.clone(),
        std::sync::Arc::new(Never),
    );
    let patience = std::time::Duration::from_secs(5);
    let url = parse("https://slow.example/");
    let (answer, ()) = tokio::join!(vetter.vet(&url), async {
        clock.is_waited_for(patience).await;
        clock.advance(patience);
    });
    assert_eq!(answer, Ok(()));
}

#[tokio::test]
async fn private_names_are_not_even_looked_up() {
    let names = Names::answering(&[&["93.184.215.14"]]);
    let sending = Sending::with(Options::default(), names.clone());
    for url in ["https://localhost/", "https://db/", "https://metadata.google.internal/"] {
        assert_eq!(sending.vetter.vet(&parse(url)).await, Err(Refused::NotPublic), "{url}");
        assert_eq!(sending.failure(url).await, forbidden(), "{url}");
    }
    assert_eq!(names.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_private_name_is_good_for_an_allowed_network_only() {
    let server = Server::answering(OK).await;
    let url = format!("http://localhost:{}/", server.port());
    let inward = Sending::with(loopback(), Names::loopback());
    assert_eq!(inward.vetter.vet(&parse(&url)).await, Ok(()));
    assert_eq!(inward.answer(&url).await.status, 200);
    let outward = Sending::with(loopback(), Names::answering(&[&["93.184.215.14"]]));
    assert_eq!(outward.vetter.vet(&parse(&url)).await, Err(Refused::NotPublic));
    let nowhere = Sending::with(loopback(), Names::none());
    assert_eq!(nowhere.vetter.vet(&parse(&url)).await, Err(Refused::NotPublic));
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
