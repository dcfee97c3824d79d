//! Files and backends that are refused before anything is written.

use latchhook_moving::NotAnExport;
use serde_json::json;
use simulation::Call;

use crate::support::{Old, PASSPHRASE, Place, new_backend, open};

#[tokio::test]
async fn a_file_changed_in_any_line_is_refused() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let ends: Vec<usize> =
        file.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at).collect();
    assert!(ends.len() > 9);
    for &end in &ends {
        // Cut in the middle of the last line, before it, and behind it; one line missing; one byte
        // changed.
        for cut in [end.saturating_sub(3), end, end + 1] {
            let is_whole = cut == file.len();
            assert_eq!(open(&file[..cut], PASSPHRASE).is_ok(), is_whole, "{cut}");
        }
        let start = file[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let without = [&file[..start], &file[end + 1..]].concat();
        assert!(open(&without, PASSPHRASE).is_err(), "{start}");
        let mut altered = file.clone();
        altered[end - 4] ^= 1;
        assert!(open(&altered, PASSPHRASE).is_err(), "{end}");
    }
    let cut = open(&file[..=ends[3]], PASSPHRASE);
    assert!(matches!(cut, Err(NotAnExport::Truncated)), "{cut:?}");
}

#[tokio::test]
async fn wrong_passphrase_newer_version_and_foreign_file_are_distinct_errors() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let refusal = |file: &[u8], passphrase| open(file, passphrase).map(|_| ()).unwrap_err();
    assert!(matches!(refusal(&file, "wrong"), NotAnExport::Passphrase));
    let text = String::from_utf8(file).unwrap();
    let newer = text.replacen("\"latchhook_export\":1", "\"latchhook_export\":2,\"more\":0", 1);
    assert!(matches!(refusal(newer.as_bytes(), PASSPHRASE), NotAnExport::Newer(2)));
    for foreign in ["", "{}\n", "SQLite format 3\0"] {
        assert!(matches!(refusal(foreign.as_bytes(), PASSPHRASE), NotAnExport::Foreign));
    }
}

#[tokio::test]
async fn the_file_contains_no_plain_secret() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let text = String::from_utf8(file).unwrap();
    for secret in [&*old.key, &*old.webhook.1, "lovelace", PASSPHRASE] {
        assert!(!text.contains(secret));
    }
}

#[tokio::test]
async fn a_conflicting_stream_stops_the_import_and_is_named() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let new = new_backend(&file, &old.place.clock);
    new.import(&file).await.unwrap();
    // Both backends were used since the export.
    let path = format!("/v1/webhooks/{}", old.webhook.0);
    for (place, text) in [(&old.place, "old"), (&new, "new")] {
        let change = Call::patch(&path, &json!({ "description": text })).on(&old.account);
        _ = place.call(change).await.expect(200);
    }
    let (later, _) = old.place.export().await;
    let why = new.import(&later).await.unwrap_err().to_string();
    assert!(why.contains(&format!("{}/{}", old.account, old.webhook.0)), "{why}");
}

#[tokio::test]
async fn unique_values_of_other_objects_stop_the_import() {
    let old = Old::new().await;
    let (file, _) = old.place.export().await;
    let pepper = open(&file, PASSPHRASE).unwrap().pepper().clone();
    let new = Place::new(3, &old.place.clock, Some(&pepper));
    let taken = json!({ "name": "Eve", "external_id": "c1" });
    _ = new.call(Call::post("/v1/accounts", &taken)).await.expect(201);
    let why = new.import(&file).await.unwrap_err().to_string();
    assert!(why.contains("account_external_ids") && why.contains(&old.account), "{why}");
}
