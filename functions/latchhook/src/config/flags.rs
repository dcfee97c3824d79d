//! Flags of the server's settings.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, ValueHint};
use settings::{Names, table};

use super::Settings;
use crate::args::choices::Offered;

const HEADING: &str = "Configuration (flag over environment over file)";

/// Returns the names of the configuration file and of every setting that the server takes.
pub(crate) fn taken() -> Vec<Names> {
    let mut taken = settings::taken::<Settings>();
    taken.insert(0, table::CONFIG.names);
    taken
}

/// Flags as given on the command line; kept as texts, so that one check finds all problems.
#[derive(Default, Clone)]
pub(crate) struct Flags(pub(crate) settings::Flags);

impl Flags {
    /// Returns flags with these values.
    pub(crate) fn of<const N: usize>(given: [(&Names, String); N]) -> Self {
        Self(given.map(|(names, value)| (names.key, value)).into())
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        command.args(taken().iter().map(flag))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |names: Names| Some((names.key, matches.get_one::<String>(names.key)?.clone()));
        Ok(Self(taken().into_iter().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.extend(Self::from_arg_matches(matches)?.0);
        Ok(())
    }
}

fn flag(names: &Names) -> Arg {
    let Names { key, env, value, help, default } = *names;
    let default = default.map(|default| format!(" [default: {default}]")).unwrap_or_default();
    let flag = Arg::new(key)
        .long(names.flag())
        .value_name(value)
        .help(format!("{help} [env: {env}]{default}"))
        .help_heading(HEADING);
    if key == table::CONFIG.names.key {
        flag.value_hint(ValueHint::FilePath)
    } else if key == table::LOG_FORMAT.names.key {
        flag.value_parser(Offered(&["human", "json"])).hide_possible_values(true)
    } else {
        flag
    }
}
