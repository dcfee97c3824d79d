use std::collections::BTreeMap;

use clap::{CommandFactory as _, error::ErrorKind};

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split_whitespace())
}

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_has_an_about_and_examples_in_its_help() {
    let mut cli = Cli::command();
    cli.build();
    let shown = cli.get_subcommands_mut().filter(|command| !command.is_hide_set());
    for command in shown.filter(|command| command.get_name() != "help") {
        let help = command.render_help().to_string();
        assert!(command.get_about().is_some(), "{}", command.get_name());
        assert!(help.contains("Examples:\n  "), "{} has no examples: {help}", command.get_name());
        assert!(help.contains("latchhook "), "{help}");
    }
}

#[test]
fn the_help_tells_the_exit_codes() {
    let help = Cli::command().render_help().to_string();
    assert!(help.contains("  3  the server could not be reached"), "{help}");
}

#[test]
fn the_commands_are_those_documented() {
    let cli = Cli::command();
    let shown = cli.get_subcommands().filter(|command| !command.is_hide_set());
    let names: Vec<&str> = shown.map(clap::Command::get_name).collect();
    assert_eq!(
        names,
        [
            "demo",
            "serve",
            "listen",
            "accounts",
            "keys",
            "webhooks",
            "events",
            "logs",
            "operator-token",
            "backup",
            "rebuild",
            "export",
            "import",
            "redrive",
            "completions"
        ]
    );
}

#[test]
fn real_lines_are_understood_with_connection_flags_on_either_side() {
    for line in [
        "latchhook serve --data-dir d --listen 127.0.0.1:1 --config c.toml",
        "latchhook demo --exit",
        "latchhook listen --port 0 --secret whsec_x --forward http://x/ --status 503 --json",
        "latchhook accounts --json create Acme --external-id 1",
        "latchhook accounts create Acme --json --url http://x --token t",
        "latchhook accounts update acct_1 --credentialed false --webhook-quota 5",
        "latchhook keys create --type publishable --environment live --account acct_1",
        "latchhook keys verify - --environment test",
        "latchhook webhooks create https://x/ --event-type a --event-type b.* --include-object",
        "latchhook webhooks update wh_1 --webhook-url http://x/ --include-object=false --url http://y",
        "latchhook webhooks recover wh_1 --since 2026-01-31T00:00:00Z",
        "latchhook events send -",
        "latchhook events resend evt_1 wh_1",
        "latchhook logs --follow --kind api_request --status 500",
        "latchhook operator-token rotate --data-dir d",
        "latchhook backup f --data-dir d",
        "latchhook rebuild",
        "latchhook completions fish",
    ] {
        assert!(parse(line).is_ok(), "{line}: {}", parse(line).err().unwrap());
    }
}

#[test]
fn wrong_lines_are_usage_errors() {
    for line in [
        "latchhook nonsense",
        "latchhook accounts close acct_1",
        "latchhook listen --status 99",
        "latchhook webhooks recover wh_1",
        "latchhook completions dos",
    ] {
        let error = parse(line).err().unwrap();
        assert_eq!(error.exit_code(), 2, "{line}");
    }
    assert_eq!(parse("latchhook --version").err().unwrap().kind(), ErrorKind::DisplayVersion);
}

#[test]
fn completions_of_every_shell_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (context, printed) = Context::for_test(BTreeMap::new());
        parse(&format!("latchhook completions {shell}")).unwrap().command.run(&context).unwrap();
        let script = printed.text();
        for command in ["operator-token", "webhooks", "rotate-secret"] {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
    }
}
