//! Properties of an installation that a move must keep.

use std::time::Duration;

use app::views::collections::DERIVED;
use latchhook_moving::format::End;
use serde_json::{Value, json};
use simulation::Call;

use crate::support::{ENDPOINT, MASKED, Old, Place, new_backend, now, post};

#[tokio::test]
async fn keys_secrets_history_and_views_survive_a_move() {
    let old = Old::new().await;
    let (file, end) = old.place.export().await;
    let counts = End { seal: String::new(), ..end };
    // Event types have no events here; the two accounts, a key, three webhooks and one more.
    let expected = End {
        streams: 7,
        events: counts.events,
        secrets: 4,
        undelivered: 2,
        messages: 3,
        seal: String::new(),
    };
    assert_eq!(counts, expected);
    let new = new_backend(&file, &old.place.clock);
    let done = new.import(&file).await.unwrap();
    assert_eq!((done.streams, done.undelivered, done.there, done.messages), (7, 2, 0, 3));
    // Documents with their index entries, without revisions, which each backend assigns itself.
    let views = |place: &Place| {
        let mut all = place.disk.documents(DERIVED);
        for (document, _) in &mut all {
            document.revision = 0;
        }
        all
    };
    assert_eq!(views(&new), views(&old.place));
    for path in [
        "/v1/audit_events?per_page=100",
        "/v1/webhooks",
        "/v1/api_keys",
        &format!("/v1/accounts/{}", old.account),
        &format!("/v1/accounts/{}", old.closed),
    ] {
        let was = old.place.show(&old.account, path).await;
        let is = new.show(&old.account, path).await;
        assert_eq!((&is["data"], &is["id"]), (&was["data"], &was["id"]), "{path}");
    }
    let verified = new.call(Call::post("/v1/api_keys/verify", &json!({ "key": old.key }))).await;
    assert_eq!(verified.expect(200).json()["account_id"], json!(old.account));
    let reveal = format!("/v1/webhooks/{}/reveal_secret", old.webhook.0);
    let revealed = new.call(Call::post(&reveal, &json!({})).on(&old.account)).await.expect(200);
    assert_eq!(revealed.text("/signing_secret"), old.webhook.1);
}

#[tokio::test]
async fn operator_tokens_survive_a_move() {
    let old = Old::new().await;
    let new = json!({ "name": "reader", "scopes": ["accounts:read"] });
    let asked = Call::post("/v1/operator_tokens", &new).once("once");
    let made = old.place.call(asked.clone()).await.expect(201);
    // Shown a second time, which is in a stream of its own.
    _ = old.place.call(asked).await.expect(201);
    let read = Call::get("/v1/accounts").bearer(&made.text("/token"));
    _ = old.place.call(read.clone()).await.expect(200);
    let (file, end) = old.place.export().await;
    assert_eq!(end.streams, 9);
    let new = new_backend(&file, &old.place.clock);
    assert_eq!(new.import(&file).await.unwrap().streams, 9);
    let show = Call::get(&made.text("/uri"));
    let shown = new.call(show.clone()).await.expect(200).json();
    assert_eq!(shown, old.place.call(show).await.expect(200).json());
    assert!(shown["last_used_at"].is_string(), "{shown}");
    _ = new.call(read).await.expect(200);
}

#[tokio::test]
async fn a_retry_keeps_its_due_time_and_webhook_id() {
    let old = Old::new().await;
    let path = format!("/v1/events/{}", old.event);
    let (file, _) = old.place.export().await;
    let new = new_backend(&file, &old.place.clock);
    new.import(&file).await.unwrap();
    assert_eq!(
        new.show(&old.account, &path).await["deliveries"],
        old.place.show(&old.account, &path).await["deliveries"]
    );
    for url in [ENDPOINT, MASKED] {
        new.network.answers(url, 200);
    }
    // The event that was never attempted goes out at once, to both.
    assert_eq!(new.work().await, 2);
    let began = now(&new);
    new.clock.advance(Duration::from_millis(59_999));
    assert_eq!(new.work().await, 0);
    new.clock.advance(Duration::from_millis(1));
    assert_eq!(new.work().await, 1);
    let hit = new.network.hits().pop().unwrap();
    assert_eq!((hit.event, hit.at), (old.event.clone(), began.plus(Duration::from_mins(1))));
    assert_eq!(hit.url, ENDPOINT);
    let shown: Value = new.show(&old.account, &path).await;
    let statuses: Vec<_> =
        shown["deliveries"].as_array().unwrap().iter().map(|one| &one["status"]).collect();
    assert_eq!(statuses, ["delivered", "delivered"]);
}

#[tokio::test]
async fn exhausted_deliveries_can_be_recovered_at_the_new_backend() {
    let old = Old::new().await;
    let webhook = format!("/v1/webhooks/{}", old.webhook.0);
    let disable = Call::patch(&webhook, &json!({ "status": "disabled" })).on(&old.account);
    _ = old.place.call(disable).await.expect(200);
    let (file, end) = old.place.export().await;
    // One attempt at the other webhook is left.
    assert_eq!((end.undelivered, end.messages), (2, 1));
    let new = new_backend(&file, &old.place.clock);
    new.import(&file).await.unwrap();
    let enable = Call::patch(&webhook, &json!({ "status": "enabled" })).on(&old.account);
    _ = new.call(enable).await.expect(200);
    let recover =
        Call::post(&format!("{webhook}/recover"), &json!({ "since": "1970-01-01T00:00:00.000Z" }));
    let recovered = new.call(recover.on(&old.account)).await.expect(202);
    assert_eq!(recovered.json()["count"], 2);
}

#[tokio::test]
async fn a_repeated_import_skips_existing_streams_even_if_they_have_grown() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let new = new_backend(&file, &old.place.clock);
    new.import(&file).await.unwrap();
    new.network.answers(ENDPOINT, 200);
    new.network.answers(MASKED, 200);
    new.clock.advance(Duration::from_mins(2));
    new.work().await;
    let delete = Call::delete(&format!("/v1/webhooks/{}", old.webhook.0)).on(&old.account);
    assert!(new.call(delete).await.status < 300);
    let hits = new.network.hits().len();
    let again = new.import(&file).await.unwrap();
    assert_eq!((again.streams, again.undelivered, again.there), (0, 0, 9));
    new.clock.advance(Duration::from_hours(48));
    new.work().await;
    assert_eq!(new.network.hits().len(), hits, "nothing is delivered twice");
    let secrets = new.export().await.1.secrets;
    assert_eq!(secrets, 3, "the deleted webhook's secret stays forgotten");
}

#[tokio::test]
async fn a_later_export_adds_newer_events() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let new = new_backend(&file, &old.place.clock);
    new.import(&file).await.unwrap();
    let delete = Call::delete(&format!("/v1/webhooks/{}", old.webhook.0)).on(&old.account);
    assert!(old.place.call(delete).await.status < 300);
    _ = post(&old.place, &old.account).await;
    let (later, _) = old.place.export().await;
    let done = new.import(&later).await.unwrap();
    assert_eq!((done.streams, done.undelivered), (1, 1));
    let shown = new.show(&old.account, "/v1/webhooks").await;
    assert_eq!(shown["data"], old.place.show(&old.account, "/v1/webhooks").await["data"]);
}

#[tokio::test]
async fn an_installation_moves_in_the_middle_of_a_rotation() {
    let mut old = Old::new().await;
    old.place.rotate().await;
    let key = json!({ "type": "secret", "environment": "test" });
    let key = Call::post("/v1/api_keys", &key).on(&old.account);
    let later = old.place.call(key).await.expect(201).text("/key");
    let (file, _) = old.place.export().await;
    let new = new_backend(&file, &old.place.clock);
    new.import(&file).await.unwrap();
    for resealed in [false, true] {
        for key in [&old.key, &later] {
            let account = new.call(Call::get("/v1/account").bearer(key)).await.expect(200);
            assert_eq!(account.text("/id"), old.account);
        }
        let taken = json!({ "webhook_url": ENDPOINT, "environment": "test" });
        let taken = new.call(Call::post("/v1/webhooks", &taken).on(&old.account)).await;
        assert_eq!(taken.text("/code"), "url_taken");
        if !resealed {
            let done = new.app.reseal(std::time::Duration::ZERO).await.unwrap();
            // A key and two webhooks are under the old pepper; data keys were made at the import.
            assert_eq!((done.data_keys, done.fingerprints, done.left), (0, 3, 0));
        }
    }
}
