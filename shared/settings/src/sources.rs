//! Where values come from, and which of them counts.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use crate::{Flags, Names, Problems, file, table};

/// A value and its place.
pub(crate) struct Found<'a> {
    pub(crate) value: &'a str,
    pub(crate) place: Place<'a>,
}

/// Where a value stands, for pointing at it.
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

/// Where values stand.
pub(crate) struct Sources<'a> {
    env: &'a BTreeMap<String, String>,
    /// What counts besides the environment.
    layers: Option<Layers<'a>>,
}

/// Flags, which count more than the environment; file and defaults, which count less.
struct Layers<'a> {
    flags: &'a Flags,
    file: Option<(PathBuf, BTreeMap<String, String>)>,
}

impl<'a> Sources<'a> {
    /// The environment alone.
    pub(crate) const fn environment(env: &'a BTreeMap<String, String>) -> Self {
        Self { env, layers: None }
    }

    /// All of them. Reads the file, when flags or environment name one; it may have the settings
    /// that are `taken`.
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

    /// The value that counts, with its place.
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

/// The value of a variable; an empty one counts as absent.
fn variable<'a>(env: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    env.get(name).map(String::as_str).filter(|value| !value.is_empty())
}
