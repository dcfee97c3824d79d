//! Flags of the server's settings.

use std::collections::BTreeMap;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, ValueHint};
use settings::{Names, table};
use standalone::Settings;

use crate::{args::choices::Offered, failure::Failure};

const HEADING: &str = "Configuration (flag over environment over file)";

/// Flags as given on the command line; kept as texts, so that one check finds all problems.
#[derive(Default, Clone)]
pub(crate) struct Flags(settings::Flags);

impl Flags {
    /// Returns flags with these values.
    pub(crate) fn of<const N: usize>(given: [(&Names, String); N]) -> Self {
        Self(given.map(|(names, value)| (names.key, value)).into())
    }

    /// Reads the server's settings from these flags, the environment `env`, and the file that
    /// either names.
    ///
    /// # Errors
    /// [`Failure::Usage`] with every problem, each with the place of its value; never a secret's
    /// value.
    pub(crate) fn settings(&self, env: &BTreeMap<String, String>) -> Result<Settings, Failure> {
        settings::read(&self.0, env).map_err(|problems| Failure::Usage(problems.to_string()))
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

/// Returns the names of the configuration file and of every setting that the server takes.
fn taken() -> Vec<Names> {
    let mut taken = settings::taken::<Settings>();
    taken.insert(0, table::CONFIG.names);
    taken
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_flag_with_a_description() {
        let command = <Flags as Args>::augment_args(Command::new("test"));
        for names in taken() {
            let flag = command.get_arguments().find(|flag| flag.get_id() == names.key).unwrap();
            assert_eq!(flag.get_long(), Some(names.flag().as_str()));
            let help = flag.get_help().unwrap().to_string();
            assert!(!names.help.is_empty() && help.starts_with(names.help), "{help}");
            assert!(help.contains(&format!(" [env: {}]", names.env)), "{help}");
        }
    }

    #[test]
    fn a_flag_that_is_given_is_read() {
        let command = <Flags as Args>::augment_args(Command::new("test"));
        let matches = command.get_matches_from(["test", "--rate-limit", "7", "--key-prefix=acme"]);
        let flags = Flags::from_arg_matches(&matches).unwrap();
        let settings = flags.settings(&BTreeMap::new()).unwrap();
        assert_eq!(settings.limits.key_requests.limit, 7);
        assert_eq!(settings.key_prefix.as_str(), "acme");
    }
}
