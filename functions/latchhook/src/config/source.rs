//! Where values come from, and which of them counts.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use settings::{Found, Problems, Source};

use super::{
    file,
    flags::{Flags, SETTINGS},
};

/// Where a value stands.
enum Place<'a> {
    Flag(String),
    Env(&'static str),
    File(&'a PathBuf, &'static str),
    Default(&'static str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Env(name) | Self::Default(name) => f.write_str(name),
            Self::File(path, name) => write!(f, "{}: {name}", path.display()),
        }
    }
}

/// Flags, environment and file together.
pub(super) struct Sources<'a> {
    flags: &'a Flags,
    env: &'a BTreeMap<String, String>,
    file: Option<(PathBuf, BTreeMap<String, String>)>,
}

impl<'a> Sources<'a> {
    /// Reads the file, when the flags or the environment name one.
    pub(super) fn gather(
        flags: &'a Flags,
        env: &'a BTreeMap<String, String>,
        problems: &mut Problems,
    ) -> Self {
        let from_env = || env.get("LATCHHOOK_CONFIG").filter(|path| !path.is_empty());
        let path = flags.config.clone().or_else(|| from_env().map(PathBuf::from));
        let file = path.map(|path| {
            let values = file::read(&path, problems);
            (path, values)
        });
        Self { flags, env, file }
    }
}

impl Source for Sources<'_> {
    /// The value of the setting `name` that counts: flag over environment over file over default.
    /// An empty variable counts as absent.
    fn find(&self, name: &str) -> Option<Found<'_>> {
        let setting = SETTINGS.iter().find(|setting| setting.name == name)?;
        let flag = || Some((self.flags.get(name)?, Place::Flag(setting.flag())));
        let env = || {
            let value = self.env.get(setting.env).filter(|value| !value.is_empty())?;
            Some((value.as_str(), Place::Env(setting.env)))
        };
        let file = || {
            let (path, values) = self.file.as_ref()?;
            Some((values.get(name)?.as_str(), Place::File(path, setting.name)))
        };
        let default = || Some((setting.default?, Place::Default(setting.name)));
        let (value, place) = flag().or_else(env).or_else(file).or_else(default)?;
        Some(Found { value, place: place.to_string() })
    }
}
