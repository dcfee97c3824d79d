//! Erased events: their data is searched for in everything that the server keeps.

use std::{fs, path::PathBuf};

use latchhook_scenarios::{
    Account, Backend, Need, Receiver, Reply, Settings, clock::eventually, json,
};

/// Text of the event of that number, which stands nowhere else.
fn text(number: usize) -> String {
    format!("erase-me-{number:04}-{}", "x".repeat(number * 331 % 6_000))
}

/// Numbers of the events of which something is in the files.
fn numbers_in(files: &[PathBuf]) -> Vec<usize> {
    let contents: Vec<String> = files
        .iter()
        .filter_map(|file| fs::read(file).ok())
        .map(|content| String::from_utf8_lossy(&content).into_owned())
        .collect();
    let is_in = |number: &usize| {
        let begins = format!("erase-me-{number:04}-");
        contents.iter().any(|content| content.contains(&begins))
    };
    (0..COUNT).filter(is_in).collect()
}

const COUNT: usize = 120;

#[tokio::test]
async fn the_data_of_an_erased_event_is_nowhere_any_more() {
    let settings = Settings::default().schedule("3x1h");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    // A receiver that repeats what it is sent, so that it stands in the log as well.
    let receiver =
        Receiver::with(|received| Reply::status(500).body(received.text().to_owned())).await;
    let hook = json!({"webhook_url": receiver.url("/"), "environment": "test",
        "include_object": true});
    let hook = account.webhook_with(hook).await;
    let mut events = Vec::new();
    for number in 0..COUNT {
        let object = json!({"id": format!("erase-me-{number:04}-id"), "object": "report",
            "name": text(number)});
        let posted = json!({"type": "report.completed", "environment": "test",
            "data": {"object": object}});
        events.push(account.event_with(posted).await);
    }
    for event in &events {
        account.delivery_at("retrying", event, &hook).await;
    }
    assert_eq!(numbers_in(&backend.files()).len(), COUNT);
    let is_erased = |number: &usize| number % 7 != 3;
    for (number, event) in events.iter().enumerate() {
        if is_erased(&number) {
            let erased = account.operator.delete(&format!("/v1/events/{event}")).await.is(200);
            assert_eq!(erased["data"], serde_json::Value::Null);
        }
    }
    let kept: Vec<usize> = (0..COUNT).filter(|number| !is_erased(number)).collect();
    eventually("what was erased is gone", || async {
        (numbers_in(&backend.files()) == kept).then_some(())
    })
    .await;
    backend.kill();
    assert_eq!(numbers_in(&backend.files()), kept, "after a kill");
    backend.restart().await;
}
