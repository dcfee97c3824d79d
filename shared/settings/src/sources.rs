//! Sources of values, and their precedence.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use crate::{Names, Problems, file, table};

/// Flags as they were given: values by the keys of their settings.
pub type Flags = BTreeMap<&'static str, String>;

/// Value and its place.
pub(crate) struct Found<'a> {
    pub(crate) value: &'a str,
    pub(crate) place: Place<'a>,
}

/// Place of a value, for error messages.
pub(crate) enum Place<'a> {
    Flag(String),
    Env(&'static str),
    File(&'a Path, &'static str),
    Default(&'static str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "--{flag}"),
            Self::Env(name) | Self::Default(name) => f.write_str(name),
            Self::File(path, key) => write!(f, "{}: {key}", path.display()),
        }
    }
}

/// Sources of values.
pub(crate) struct Sources<'a> {
    env: &'a BTreeMap<String, String>,
    /// Sources besides the environment.
    layers: Option<Layers<'a>>,
}

/// Flags, which take precedence over the environment; file and defaults, which come after it.
struct Layers<'a> {
    flags: &'a Flags,
    file: Option<(PathBuf, BTreeMap<String, String>)>,
}

impl<'a> Sources<'a> {
    /// Returns a source with the environment alone.
    pub(crate) const fn environment(env: &'a BTreeMap<String, String>) -> Self {
        Self { env, layers: None }
    }

    /// Returns all sources. Reads the file if flags or environment name one; it may have the
    /// settings that are `taken`.
    pub(crate) fn layered(
        flags: &'a Flags,
        env: &'a BTreeMap<String, String>,
        taken: &[Names],
        problems: &mut Problems,
    ) -> Self {
        let of_flags = flags.get(table::CONFIG.names.key);
        let path = of_flags.map(String::as_str).or_else(|| variable(env, table::CONFIG.names.env));
        let file = path.map(PathBuf::from).map(|path| {
            let values = file::read(&path, taken, problems);
            (path, values)
        });
        Self { env, layers: Some(Layers { flags, file }) }
    }

    /// Returns the value with the highest precedence, and its place.
    pub(crate) fn find(&self, names: &Names) -> Option<Found<'_>> {
        let Names { key, env, default, .. } = *names;
        let layers = self.layers.as_ref();
        let flag = || Some((layers?.flags.get(key)?.as_str(), Place::Flag(names.flag())));
        let variable = || Some((variable(self.env, env)?, Place::Env(env)));
        let file = || {
            let (path, values) = layers?.file.as_ref()?;
            Some((values.get(key)?.as_str(), Place::File(path, key)))
        };
        let default = || layers.and(default).map(|default| (default, Place::Default(key)));
        let (value, place) = flag().or_else(variable).or_else(file).or_else(default)?;
        Some(Found { value, place })
    }
}

/// Returns the value of a variable; an empty one counts as absent.
fn variable<'a>(env: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    env.get(name).map(String::as_str).filter(|value| !value.is_empty())
}
