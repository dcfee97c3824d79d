//! Test of `latchhook webhooks import`.

use serde_json::Value;

use crate::{code, given, server::Server, text};

/// Endpoints in the form of Svix, of which one is disabled.
const ENDPOINTS: &str = r#"{"data": [
    {"id": "ep_1", "url": "https://example.com/1", "description": "Billing", "filterTypes": ["invoice.*"],
     "throttleRate": 5, "secret": {"key": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}},
    {"id": "ep_2", "url": "https://example.com/2", "disabled": true},
    {"id": "ep_3", "url": "https://example.com/3", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
]}"#;

#[test]
fn svix_endpoints_become_webhooks_with_their_secrets_once() {
    let server = Server::start(&[]);
    let account = server.json(&["accounts", "create", "Acme"]);
    let id = account["id"].as_str().unwrap();
    server.json(&["accounts", "update", id, "--webhook-quota", "9"]);
    let account = ["--account", id];
    let import = |format: &str, file: &str| {
        let mut command =
            server.command(&["webhooks", "import", "-", "--json", "--format", format]);
        command.args(account);
        given(command, file)
    };

    let first = import("svix", ENDPOINTS);
    assert!(first.status.success(), "{first:?}");
    assert_eq!(text(&first.stderr), "ep_2 is left out: it is disabled\n");
    let webhooks: Vec<Value> =
        text(&first.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let urls: Vec<_> = webhooks.iter().map(|one| &one["webhook_url"]).collect();
    assert_eq!(urls, ["https://example.com/1", "https://example.com/3"]);
    let billing = &webhooks[0];
    assert_eq!(billing["description"], "Billing");
    assert_eq!(billing["rate_limit"]["limit"], 5);
    let reveal = ["webhooks", "reveal-secret", billing["id"].as_str().unwrap()];
    let secret = server.json(&[&reveal, &account[..]].concat());
    assert_eq!(secret["signing_secret"], "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    let again = import("svix", ENDPOINTS);
    assert!(again.status.success(), "{again:?}");
    assert!(text(&again.stderr).contains("ep_3 is left out: its URL is registered already"));

    let wrong = import("csv", "url,rate_limit\nhttps://example.com/4,5/60\nftp://example.com/,\n");
    assert_eq!(code(&wrong), Some(1), "{wrong:?}");
    assert!(text(&wrong.stderr).contains("line 3 (1 imported before it): "), "{wrong:?}");
}
