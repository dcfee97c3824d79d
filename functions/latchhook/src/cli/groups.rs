//! Commands in groups, as `latchhook --help` and `docs/command-line.md` list them.

use std::fmt::Write as _;

use clap::Command;

/// Every command that is shown, under the title of its group.
pub(crate) const GROUPS: &[(&str, &[&str])] = &[
    ("Start here", &["demo", "serve", "listen"]),
    ("Customers", &["accounts", "portal-sessions", "keys", "key-scopes", "webhooks"]),
    ("Events and what became of them", &["events", "event-types", "logs", "deliveries", "audit"]),
    (
        "Running an installation",
        &[
            "operator-token",
            "operator-tokens",
            "operator-webhooks",
            "key-ring",
            "health",
            "backup",
            "check",
            "rebuild",
            "export",
            "import",
            "redrive",
            "reconcile",
            "vault",
        ],
    ),
    ("The rest", &["api", "mcp", "words", "completions"]),
];

/// Returns `command` with its subcommands listed in groups.
pub(super) fn grouped(command: Command) -> Command {
    let heading = *command.get_styles().get_header();
    let name = *command.get_styles().get_literal();
    let width = command.get_subcommands().map(|sub| sub.get_name().len()).max().unwrap_or(0);
    let mut listed = String::new();
    for (group, names) in GROUPS {
        let _ = writeln!(listed, "{heading}{group}:{heading:#}");
        for subcommand in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
            let shown = subcommand.get_name();
            let _ = writeln!(listed, "  {name}{shown:<width$}{name:#}  {about}");
        }
        listed.push('\n');
    }
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{listed}{heading}Options:{heading:#}\n\
         {{options}}{{after-help}}"
    ))
}
