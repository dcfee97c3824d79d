//! Help texts, and the paper that lists the commands.

use std::{collections::BTreeSet, fmt::Write as _};

use super::*;
use crate::cli::groups::GROUPS;

/// Commands that print no data.
const WITHOUT_JSON: &[&str] =
    &["latchhook demo", "latchhook serve", "latchhook words", "latchhook completions"];

#[test]
fn every_help_has_an_about_and_examples_that_parse() {
    for (path, mut command) in shown() {
        assert!(command.get_about().is_some(), "{path} has no about");
        let help = command.render_long_help().to_string();
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{path} has no example: {help}");
        assert!(examples.iter().any(|line| line.starts_with(&path)), "{path} shows others only");
        for line in examples {
            let words = words(&line);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let failed = parsed(&words).err().map(|why| why.to_string());
            assert_eq!(failed, None, "in the help of {path}: {line}");
        }
    }
}

#[test]
fn examples_of_the_top_level_help_parse() {
    let help = command().render_long_help().to_string();
    assert_eq!(examples(&help).len(), 3, "{help}");
    for line in examples(&help) {
        assert!(parse(&line).is_ok(), "{line}");
    }
}

#[test]
fn the_help_lists_every_command_once_in_a_group() {
    let help = command().render_help().to_string();
    let names: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let distinct: BTreeSet<&str> = names.iter().copied().collect();
    let root = command();
    let shown = root.get_subcommands().filter(|command| !command.is_hide_set());
    assert_eq!(distinct, shown.map(clap::Command::get_name).collect());
    assert_eq!(names.len(), distinct.len());
    for (group, names) in GROUPS {
        assert!(help.contains(&format!("\n{group}:\n  {}", names[0])), "{help}");
    }
    assert!(help.contains("  3  the server could not be reached"), "{help}");
    assert!(help.contains("1h is an hour ago"), "{help}");
}

#[test]
fn every_command_that_prints_data_takes_json() {
    for (path, command) in shown() {
        let is_group = command.is_subcommand_required_set();
        let takes = command.get_arguments().any(|flag| flag.get_long() == Some("json"));
        let expected = !WITHOUT_JSON.contains(&path.as_str());
        assert!(is_group || takes == expected, "{path}: --json is {takes}");
    }
}

#[test]
fn flags_of_the_connection_are_told_apart_from_those_of_the_command() {
    for (path, command) in shown() {
        let of_it = |flag: &&clap::Arg| flag.get_help_heading() == Some("Connection");
        let names = command.get_arguments().filter(of_it).map(|flag| flag.get_id().as_str());
        for name in names {
            assert!(["server", "token", "account", "json"].contains(&name), "{path}: {name}");
        }
    }
}

#[test]
fn abouts_fit_on_a_line() {
    for (path, command) in shown() {
        let about = command.get_about().unwrap().to_string();
        assert!(about.chars().count() <= 76 && !about.ends_with('.'), "{path}: {about}");
    }
}

#[test]
fn the_paper_lists_every_command_as_the_help_does() {
    let paper = include_str!("../../../../../docs/command-line.md");
    let (_, section) = paper.split_once("```text\n").unwrap();
    let (listed, _) = section.split_once("```").unwrap();
    let expected = list();
    assert!(listed == expected, "the list of docs/command-line.md should be:\n{expected}");
}

#[test]
fn commands_that_papers_name_are_understood() {
    let papers = [
        include_str!("../../../../../docs/operations.md"),
        include_str!("../../../../../docs/moving.md"),
        include_str!("../../../../../docs/operator-webhooks.md"),
    ];
    let blocks = papers.iter().flat_map(|paper| paper.split("```sh\n").skip(1));
    let commands = blocks.filter_map(|block| block.split("```").next());
    let commands = commands.map(|commands| commands.replace("$(date +%F)", "today"));
    let lines: Vec<String> = commands
        .flat_map(|commands| examples(&format!("\nExample\n  {}", indented(&commands))))
        .collect();
    assert!(lines.len() > 10, "{lines:?}");
    for line in lines {
        let words = words(&line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let failed = parsed(&words).err().map(|why| why.to_string());
        assert_eq!(failed, None, "in a paper: {line}");
    }
}

/// Lays commands out as the examples of a help text are.
fn indented(commands: &str) -> String {
    commands.trim_end().replace('\n', "\n  ")
}

/// Returns every command in its group, with its about text.
fn list() -> String {
    let commands = shown();
    let width = commands.iter().map(|(path, _)| path.len()).max().unwrap();
    let mut list = String::new();
    for (group, names) in GROUPS {
        let gap = if list.is_empty() { "" } else { "\n" };
        writeln!(list, "{gap}{group}").unwrap();
        for name in *names {
            let of_it = |path: &str| path.split(' ').nth(1) == Some(name);
            for (path, command) in commands.iter().filter(|(path, _)| of_it(path)) {
                if command.is_subcommand_required_set() {
                    continue;
                }
                let about = command.get_about().unwrap();
                writeln!(list, "  {path:<width$}  {about}").unwrap();
            }
        }
    }
    list
}

/// Returns the lines of a help text that a person could type: the part that begins with
/// `latchhook`.
fn examples(help: &str) -> Vec<String> {
    let Some((_, after)) = help.split_once("\nExample") else { return vec![] };
    let after = after.split_once('\n').map_or("", |(_, lines)| lines);
    let joined = after.replace("\\\n   ", "");
    let lines = joined.lines().take_while(|line| line.starts_with("  "));
    let run = lines.flat_map(|line| {
        let line = line.trim_start().split("   ").next().unwrap_or_default();
        let parts: Vec<String> = line.split(" | ").map(str::to_owned).collect();
        parts.into_iter().filter_map(|part| {
            let at = part.find("latchhook ")?;
            let before_is_ours = at == 0 || part[..at].ends_with(['(', ' ']);
            before_is_ours.then(|| part[at..].trim_end_matches(')').trim().to_owned())
        })
    });
    // Letters and digits stand in for the omitted part of an id.
    run.map(|line| line.replace('…', "2v6nv6e0")).collect()
}

/// Splits a line into words, as a shell does.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (c, quote) {
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            (' ', None) => words.extend(word.take()),
            ('>', None) => break,
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[test]
fn examples_are_extracted_from_any_help_text() {
    let help = "Usage\n\nExamples:\n  latchhook a --b 'c d'     comment here\n  \
                echo x | latchhook e - | jq .\n  export T=$(latchhook f)\n  latchhook g \\\n    \
                --h wh_1…\n\nA paragraph.\n  {\"latchhook \": 1}";
    let found =
        ["latchhook a --b 'c d'", "latchhook e -", "latchhook f", "latchhook g  --h wh_12v6nv6e0"];
    assert_eq!(examples(help), found);
    assert_eq!(words("latchhook a --b 'c d' > x"), ["latchhook", "a", "--b", "c d"]);
}
