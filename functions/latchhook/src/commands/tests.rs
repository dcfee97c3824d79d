//! Tests of the questions that commands ask.

use std::collections::BTreeMap;

use crate::{
    cli::{Cli, Command, command},
    client::tests::{Fake, fake},
    context::{Context, Printed},
    failure::Failure,
};

/// Starts a server with one object of each kind, for `calls` calls.
async fn server(calls: usize) -> Fake {
    let object = r#"{"id":"x_1","name":"Acme","webhook_url":"https://example.com/hooks"}"#;
    fake(vec![(200, object.to_owned()); calls]).await
}

/// Runs `line` for somebody who gives these answers; returns the questions.
async fn run(server: &Fake, line: &str, answers: &'static str) -> (Result<(), Failure>, Printed) {
    use clap::FromArgMatches as _;
    let (context, _) = Context::for_test(BTreeMap::new());
    let (context, asked) = context.answering(answers);
    let line = format!("latchhook {line} --url {} --token lhop_x --account acct_1", server.url);
    let matches = command().try_get_matches_from(line.split(' ')).unwrap();
    let done = match Cli::from_arg_matches(&matches).unwrap().command {
        Command::Accounts(args) => super::accounts::run(args, &context).await,
        Command::Keys(args) => super::keys::run(args, &context).await,
        Command::KeyScopes(args) => super::key_scopes::run(args, &context).await,
        Command::Webhooks(args) => super::webhooks::run(args, &context).await,
        Command::OperatorTokens(args) => super::operator_tokens::run(args, &context).await,
        Command::OperatorWebhooks(args) => super::operator_webhooks::run(args, &context).await,
        Command::EventTypes(args) => super::event_types::run(args, &context).await,
        _ => panic!("{line} does not ask"),
    };
    (done, asked)
}

/// Returns the first lines of the requests.
async fn requests(server: &Fake) -> Vec<String> {
    let asked = server.asked.lock().await;
    let firsts = asked.iter().filter_map(|request| request.split(" HTTP").next());
    firsts.map(str::to_owned).collect()
}

const LINES: [(&str, &str, &str); 7] = [
    ("accounts close acct_1", "Acme", "DELETE /v1/accounts/acct_1"),
    ("keys expire key_1", "key_1", "POST /v1/api_keys/key_1/expire"),
    ("keys roll key_1 --at 2099-01-01", "2099-01-01T00", "POST /v1/api_keys/key_1/roll"),
    ("operator-tokens end optk_1", "Acme", "DELETE /v1/operator_tokens/optk_1"),
    ("operator-webhooks delete wh_1", "example.com", "DELETE /v1/operator_webhooks/wh_1"),
    ("webhooks delete wh_1", "https://example.com/hooks", "DELETE /v1/webhooks/wh_1"),
    ("webhooks rotate-secret wh_1", "example.com", "POST /v1/webhooks/wh_1/rotate_secret"),
];

#[tokio::test]
async fn irreversible_commands_show_their_object_and_run_after_a_yes() {
    for (line, about, does) in LINES {
        let server = server(2).await;
        let (done, asked) = run(&server, line, "y\n").await;
        assert!(done.is_ok(), "{line}: {done:?}");
        assert!(asked.text().contains(about) && asked.text().ends_with("? [y/N] "), "{line}");
        assert_eq!(requests(&server).await[1], does, "{line}");
    }
}

#[tokio::test]
async fn nothing_is_changed_after_any_other_answer() {
    for (line, ..) in LINES {
        for answers in ["n\n", "\n", "", "maybe\n"] {
            let server = server(2).await;
            let (done, _) = run(&server, line, answers).await;
            assert!(
                matches!(done, Err(Failure::Failed(why)) if why.contains("nothing was changed"))
            );
            let requests = requests(&server).await;
            assert!(requests.iter().all(|request| request.starts_with("GET ")), "{requests:?}");
        }
    }
    let server = server(1).await;
    let (done, asked) = run(&server, "event-types delete a.b", "n\n").await;
    assert!(done.is_err() && asked.text().contains("a.b"));
    assert_eq!(requests(&server).await, [""; 0]);
}

#[tokio::test]
async fn the_yes_flag_skips_the_question() {
    let server = server(1).await;
    let (done, asked) = run(&server, "webhooks delete wh_1 --yes", "").await;
    assert!(done.is_ok(), "{done:?}");
    assert_eq!(
        (requests(&server).await[0].as_str(), asked.text().as_str()),
        ("DELETE /v1/webhooks/wh_1", "")
    );
}
