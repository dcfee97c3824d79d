//! Names in queries: the resolver asks for the whole name and no other.

use ports::resolve::Unresolved;

use crate::support::{NameServer, Record, Reply, Resolving, addresses};

/// Starts a server that answers for everything in the search domains, and for one absolute name.
async fn bait() -> NameServer {
    NameServer::start(|asked| match asked.kind {
        "A" if asked.name.ends_with(".test.corp.test") || asked.name == "db.corp.test" => {
            Reply::Records(vec![Record::A("127.0.0.2", 60)])
        }
        "A" if asked.name == "hooks.customer.test" => {
            Reply::Records(vec![Record::A("93.184.215.14", 60)])
        }
        _ => Reply::Code(3),
    })
    .await
}

#[tokio::test]
async fn search_domains_are_never_tried() {
    for name in ["nowhere.customer.test", "nowhere.customer.test.", "a.test", "db", "Nowhere.TEST"]
    {
        let server = bait().await;
        let resolving = Resolving::from(&[&server]);
        assert_eq!(resolving.resolve(name).await, Err(Unresolved::NoAddress), "{name}");
        let whole = name.trim_end_matches('.').to_lowercase();
        assert_eq!(server.asked_for(), [(whole.clone(), "A"), (whole, "AAAA")], "{name}");
    }
}

#[tokio::test]
async fn names_with_few_dots_are_queried_unchanged() {
    let server = bait().await;
    let resolving = Resolving::from(&[&server]);
    for name in ["hooks.customer.test", "hooks.customer.test.", "HOOKS.Customer.test"] {
        assert_eq!(resolving.resolve(name).await, Ok(addresses(&["93.184.215.14"])), "{name}");
    }
    let expected = ["A", "AAAA"].map(|kind| ("hooks.customer.test".to_owned(), kind));
    assert_eq!(server.asked_for(), expected);
}

#[tokio::test]
async fn names_that_dns_can_not_carry_are_not_queried() {
    let server = bait().await;
    let resolving = Resolving::from(&[&server]);
    let label = "a".repeat(63);
    let long_label = format!("{label}a.test");
    let long_name = [label.as_str(); 4].join(".");
    for name in [long_label.as_str(), &long_name, "", ".", "a..test", ".test"] {
        assert_eq!(resolving.resolve(name).await, Err(Unresolved::NoAddress), "{name}");
    }
    assert_eq!(server.asked(), []);
}

#[tokio::test]
async fn the_longest_name_and_names_with_underscores_are_queried() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::Records(vec![Record::A("93.184.215.14", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    let label = "a".repeat(63);
    let longest = [label.as_str(), &label, &label, &"b".repeat(61)].join(".");
    for name in [longest.as_str(), "under_score.example.test", "xn--bcher-kva.test"] {
        assert_eq!(resolving.resolve(name).await, Ok(addresses(&["93.184.215.14"])), "{name}");
    }
}

#[tokio::test]
async fn names_in_the_hosts_file_need_no_query() {
    let server = bait().await;
    let hosts = "10.0.0.1 hooks.customer.test\nfd00::1 hooks.customer.test # both\n";
    let resolving = Resolving::with(&[&server], "", hosts);
    let both = Ok(addresses(&["fd00::1", "10.0.0.1"]));
    assert_eq!(resolving.resolve("Hooks.Customer.test.").await, both);
    assert_eq!(resolving.resolve("localhost").await, Ok(addresses(&["::1", "127.0.0.1"])));
    assert_eq!(server.asked(), []);

    std::fs::write(resolving.directory.path().join("hosts"), "10.0.0.77 hooks.customer.test\n")
        .unwrap();
    resolving.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(resolving.resolve("hooks.customer.test").await, Ok(addresses(&["10.0.0.77"])));
}
