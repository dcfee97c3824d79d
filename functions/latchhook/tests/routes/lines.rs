//! Command lines: one for every command that calls the API, with all of its flags.

use std::path::Path;

use tempfile::TempDir;

/// Lines, each with the route that it calls. `EVENT`, `SCHEMA`, `REQUESTS`, `KEYS` and `HOOKS` are files.
pub(super) const LINES: &[(&str, &str)] = &[
    ("accounts create Acme --external-id c1", "POST /v1/accounts"),
    ("accounts list --search acme --limit 5", "GET /v1/accounts"),
    ("accounts get acct_1 --as-of 1d", "GET /v1/accounts/{id}"),
    ("accounts get", "GET /v1/account"),
    (
        "accounts update acct_1 --name A --credentialed true --webhook-quota 5",
        "PATCH /v1/accounts/{id}",
    ),
    ("accounts close acct_1 --yes", "DELETE /v1/accounts/{id}"),
    (
        "portal-sessions create --expires-in 1h --actor user_7 --actor-name Grace --actor-email g@b.c \
         --capability keys:read --return-url https://a.example/",
        "POST /v1/portal_sessions",
    ),
    ("portal-sessions list", "GET /v1/portal_sessions"),
    ("portal-sessions get ps_1", "GET /v1/portal_sessions/{id}"),
    ("portal-sessions end ps_1", "DELETE /v1/portal_sessions/{id}"),
    ("portal-sessions redeem x", "POST /v1/portal_sessions/redeem"),
    (
        "keys create --type secret --environment test --name n --expires-at 30d --scope a --metadata a=b \
         --rate-limit 5/60 --allow-network 10.0.0.0/8",
        "POST /v1/api_keys",
    ),
    (
        "keys update key_1 --name n --scope a --metadata a=b --clear rate_limit --clear allowed_networks",
        "PATCH /v1/api_keys/{id}",
    ),
    ("keys import KEYS --format csv --environment test --type secret", "POST /v1/api_keys/import"),
    ("health", "GET /readyz"),
    ("operator-tokens create n --scope keys:verify --expires-at 30d", "POST /v1/operator_tokens"),
    ("operator-tokens list", "GET /v1/operator_tokens"),
    ("operator-tokens show optk_1", "GET /v1/operator_tokens/{id}"),
    ("operator-tokens end optk_1 --yes", "DELETE /v1/operator_tokens/{id}"),
    (
        "operator-webhooks create https://x/ --include-object --event-type webhook.* --description d \
         --filter {} --header X-A=b --rate-limit 5/60 --signing hmac --signing-secret \
         whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "POST /v1/operator_webhooks",
    ),
    ("operator-webhooks list", "GET /v1/operator_webhooks"),
    ("operator-webhooks get wh_1", "GET /v1/operator_webhooks/{id}"),
    (
        "operator-webhooks update wh_1 --webhook-url https://y/ --status disabled --include-object=false \
         --event-type * --description d --filter {} --header X-A=b --rate-limit 5/60",
        "PATCH /v1/operator_webhooks/{id}",
    ),
    ("operator-webhooks delete wh_1 --yes", "DELETE /v1/operator_webhooks/{id}"),
    ("key-scopes list", "GET /v1/key_scopes"),
    ("key-scopes put a.b --description d", "PUT /v1/key_scopes/{name}"),
    ("key-scopes delete a.b --yes", "DELETE /v1/key_scopes/{name}"),
    ("keys list --environment test --include-expired --as-of 1d", "GET /v1/api_keys"),
    ("keys get key_1", "GET /v1/api_keys/{id}"),
    ("keys reveal key_1", "POST /v1/api_keys/{id}/reveal"),
    ("keys expire key_1 --at 1d --yes", "POST /v1/api_keys/{id}/expire"),
    ("keys expire key_1 --never", "POST /v1/api_keys/{id}/expire"),
    ("keys roll key_1 --at 1d --yes", "POST /v1/api_keys/{id}/roll"),
    ("keys verify k --environment test --type secret --scope a", "POST /v1/api_keys/verify"),
    (
        "webhooks create https://x/ --environment test --jurisdiction US --include-object \
         --event-type a.* --description d --filter {} --header X-A=b --rate-limit 5/60 --signing \
         hmac --signing-secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "POST /v1/webhooks",
    ),
    ("webhooks import HOOKS --format csv --environment test", "POST /v1/webhooks"),
    ("webhooks list --environment test --as-of 1d", "GET /v1/webhooks"),
    ("webhooks get wh_1", "GET /v1/webhooks/{id}"),
    (
        "webhooks update wh_1 --webhook-url https://y/ --status disabled --include-object=false \
         --event-type * --description d --filter {} --header X-A=b --rate-limit 5/60",
        "PATCH /v1/webhooks/{id}",
    ),
    ("webhooks delete wh_1 --yes", "DELETE /v1/webhooks/{id}"),
    ("webhooks ping wh_1 --type a.b --data {\"object\":{}}", "POST /v1/webhooks/{id}/ping"),
    ("webhooks update wh_1 --clear filter", "PATCH /v1/webhooks/{id}"),
    ("webhooks public-keys wh_1", "GET /jwks/{id}"),
    ("webhooks reveal-secret wh_1", "POST /v1/webhooks/{id}/reveal_secret"),
    ("webhooks rotate-secret wh_1 --overlap 1h --yes", "POST /v1/webhooks/{id}/rotate_secret"),
    ("webhooks statement wh_1 --since 1d --until 1h", "GET /v1/webhooks/{id}/statement"),
    (
        "webhooks recover wh_1 --since 1d --until 1h --include retrying",
        "POST /v1/webhooks/{id}/recover",
    ),
    ("events send EVENT --environment test --jurisdiction CA", "POST /v1/events"),
    ("events send --type a.b --data {} --environment test", "POST /v1/events"),
    ("events send EVENT --environment test --batch", "POST /v1/events/batch"),
    (
        "events list --environment test --type a.b --object rep_1 --webhook wh_1 --status exhausted \
         --order asc --since 1d --until now",
        "GET /v1/events",
    ),
    ("events get evt_1", "GET /v1/events/{id}"),
    ("events resend evt_1 wh_1", "POST /v1/events/{id}/resend"),
    ("events erase evt_1 --yes", "DELETE /v1/events/{id}"),
    ("events advance evt_1 wh_1", "POST /v1/events/{id}/advance"),
    ("event-types list", "GET /v1/event_types"),
    ("event-types put a.b --description d --schema SCHEMA", "PUT /v1/event_types/{name}"),
    ("event-types delete a.b --yes", "DELETE /v1/event_types/{name}"),
    (
        "logs --kind webhook_delivery --environment test --status failed --webhook wh_1 --event evt_1 \
         --event-type a.b --object rep_1 --key key_1 --method GET --path /v1 --request req_1 --ip ::1 \
         --since 1d --until now",
        "GET /v1/logs",
    ),
    ("logs get log_1", "GET /v1/logs/{id}"),
    ("logs report REQUESTS", "POST /v1/request_logs"),
    (
        "deliveries stats --environment test --webhook wh_1 --since 1d --until now --buckets 3",
        "GET /v1/delivery_stats",
    ),
    ("deliveries health", "GET /v1/delivery_health"),
    ("deliveries schedule", "GET /v1/retry_schedule"),
    ("audit --subject key_1 --type api_key.created --since 1d --until now", "GET /v1/audit_events"),
];

/// Files that lines name.
pub(super) struct Files(TempDir);

impl Files {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("EVENT", r#"{"type":"a.b","created_at":"2026-01-31T00:00:00Z","data":{}}"#);
        write("SCHEMA", "{}");
        write("KEYS", "key\nsk_live_1\n");
        write("HOOKS", "url\nhttps://x/\n");
        write("REQUESTS", r#"{"environment":"test","method":"GET","path":"/","status":200}"#);
        Self(folder)
    }

    /// Returns the words of a line.
    pub(super) fn words(&self, line: &str) -> Vec<String> {
        let word = |word: &str| match word {
            "EVENT" | "SCHEMA" | "REQUESTS" | "KEYS" | "HOOKS" => path(&self.0.path().join(word)),
            word => word.to_owned(),
        };
        line.split_whitespace().map(word).collect()
    }
}

fn path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
