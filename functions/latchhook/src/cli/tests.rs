//! Tests of the command line: parsing, and help texts.

mod help;
mod values;

use std::collections::BTreeMap;

use clap::error::ErrorKind;

use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    parsed(&line.split_whitespace().collect::<Vec<_>>())
}

fn parsed(words: &[&str]) -> Result<Cli, clap::Error> {
    let matches = command().try_get_matches_from(words)?;
    Cli::from_arg_matches(&matches)
}

/// Returns the error message for a wrong line, which must be a usage error.
fn refused(line: &str) -> String {
    let Err(error) = parse(line) else { panic!("{line} is understood") };
    assert_eq!(error.exit_code(), 2, "{line}: {error}");
    error.to_string()
}

/// Returns every command that is shown, with the words that name it; those with subcommands
/// included.
fn shown() -> Vec<(String, clap::Command)> {
    fn add(to: &mut Vec<(String, clap::Command)>, path: &str, command: &clap::Command) {
        let subcommands = command.get_subcommands();
        for command in subcommands.filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
            let path = format!("{path} {}", command.get_name());
            to.push((path.clone(), command.clone()));
            add(to, &path, command);
        }
    }
    let mut root = command();
    root.build();
    let mut all = Vec::new();
    add(&mut all, "latchhook", &root);
    assert!(all.len() > 50, "{}", all.len());
    all
}

#[test]
fn the_command_line_is_consistent() {
    command().debug_assert();
}

#[test]
fn connection_flags_are_accepted_on_either_side_of_the_subcommand() {
    for line in [
        "latchhook serve --data-dir d --listen 127.0.0.1:1 --config c.toml",
        "latchhook demo --exit",
        "latchhook listen --port 0 --secret whsec_x --forward http://x/ --status 503 --json",
        "latchhook accounts --json create Acme --external-id 1",
        "latchhook accounts create Acme --json --url http://x --token t",
        "latchhook accounts update acct_1 --credentialed false --webhook-quota 5",
        "latchhook accounts get",
        "latchhook keys create --type publishable --environment live --account acct_1",
        "latchhook keys verify - --environment test",
        "latchhook keys roll key_1 --expires-at 7d --yes",
        "latchhook webhooks create https://x/ --event-type a --event-type b.* --include-object",
        "latchhook webhooks update wh_1 --webhook-url http://x/ --include-object=false --url http://y",
        "latchhook webhooks rotate-secret wh_1 --overlap-seconds 3600 -y",
        "latchhook webhooks recover wh_1 --since 2026-01-31T00:00:00Z",
        "latchhook events send -",
        "latchhook events resend evt_1 wh_1",
        "latchhook events advance evt_1 wh_1",
        "latchhook events erase evt_1 -y",
        "latchhook listen --scenario 503-then-200",
        "latchhook logs --follow --kind api_request --status 500",
        "latchhook logs --json get log_1",
        "latchhook operator-token rotate --data-dir d --json",
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
        "latchhook listen --status 99",
        "latchhook listen --insecure",
        "latchhook webhooks recover wh_1",
        "latchhook accounts update acct_1",
        "latchhook events send",
        "latchhook events send f --data {}",
        "latchhook events send --data {}",
        "latchhook keys expire key_1 --never --at 1d",
    ] {
        refused(line);
    }
    assert_eq!(parse("latchhook --version").err().unwrap().kind(), ErrorKind::DisplayVersion);
}

#[test]
fn mistyped_commands_and_flags_get_a_suggestion() {
    assert!(refused("latchhook webhook list").contains("'webhooks'"));
    assert!(refused("latchhook keys list --enviroment test").contains("'--environment'"));
}

#[test]
fn a_group_alone_shows_its_help() {
    for line in ["latchhook", "latchhook keys", "latchhook event-types", "latchhook operator-token"]
    {
        let help = parse(line).err().unwrap();
        assert_eq!(help.kind(), ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, "{line}");
    }
}

#[test]
fn completions_of_every_shell_know_the_commands_and_the_choices() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (context, printed) = Context::for_test(BTreeMap::new());
        parse(&format!("latchhook completions {shell}")).unwrap().command.run(&context).unwrap();
        let script = printed.text();
        for command in ["operator-token", "webhooks", "rotate-secret", "portal-sessions", "redeem"]
        {
            assert!(script.contains(command), "{shell} does not know {command}");
        }
        // For the shells that call the program for completions, clap_complete writes no choices
        // into the script.
        for choice in ["publishable", "webhook_delivery", "disabled", "succeeded", "human"] {
            let takes = matches!(shell, "bash" | "zsh" | "fish");
            assert!(!takes || script.contains(choice), "{shell} does not offer {choice}");
        }
    }
}
