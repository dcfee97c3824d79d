use std::io::Write as _;

use super::*;

/// Settings of three kinds.
#[derive(Debug, PartialEq, Eq)]
struct Three {
    rate_limit: u32,
    vault: VaultKind,
    log_format: Option<LogFormat>,
}

impl Subset for Three {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            rate_limit: reader.required(&table::RATE_LIMIT),
            vault: reader.required(&table::VAULT),
            log_format: reader.optional(&table::LOG_FORMAT),
        }
    }
}

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn a_subset_takes_the_settings_that_it_reads() {
    let keys: Vec<_> = taken::<Three>().iter().map(|names| names.key).collect();
    assert_eq!(keys, ["rate_limit", "vault", "log_format"]);
}

#[test]
fn flag_beats_variable_beats_file_beats_default() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"rate_limit = 3\nvault = 'sealed'\n").unwrap();
    let mut flags = Flags::from([("config", file.path().display().to_string())]);
    let mut env = env(&[("LATCHHOOK_RATE_LIMIT", "2")]);
    let rate_limit = |flags: &Flags, env: &BTreeMap<String, String>| {
        read::<Three>(flags, env).unwrap().rate_limit
    };
    assert_eq!(rate_limit(&flags, &env), 2);
    flags.insert("rate_limit", "1".to_owned());
    assert_eq!(rate_limit(&flags, &env), 1);
    flags.remove("rate_limit");
    env.insert("LATCHHOOK_RATE_LIMIT".to_owned(), String::new());
    assert_eq!(rate_limit(&flags, &env), 3);
    flags.clear();
    env.insert("LATCHHOOK_VAULT".to_owned(), "sealed".to_owned());
    assert_eq!(rate_limit(&flags, &env), 1200);
}

#[test]
fn deployed_settings_have_no_defaults() {
    let missing = read_deployed::<Three>(&BTreeMap::new()).unwrap_err().to_string();
    assert_eq!(
        missing,
        "the configuration has problems:\n  LATCHHOOK_RATE_LIMIT: is missing\n  \
         LATCHHOOK_VAULT: is missing"
    );
    let whole = env(&[("LATCHHOOK_RATE_LIMIT", " 5 "), ("LATCHHOOK_VAULT", "sealed")]);
    let settings = Three { rate_limit: 5, vault: VaultKind::Sealed, log_format: None };
    assert_eq!(read_deployed(&whole), Ok(settings));
}

#[test]
fn settings_outside_the_subset_are_refused_in_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"key_prefix = 'acme'\nvault = 'sealed'\n").unwrap();
    let flags = Flags::from([("config", file.path().display().to_string())]);
    let problems = read::<Three>(&flags, &BTreeMap::new()).unwrap_err().to_string();
    assert!(problems.contains("key_prefix: there is no such setting"), "{problems}");
    assert_eq!(problems.lines().count(), 2, "{problems}");
}

#[test]
fn a_fault_in_a_file_is_told_by_its_place_without_repeating_the_line() {
    for (text, place) in [
        ("rate_limit = 3\noperator_token = \"lhop_hush\n", "not TOML, at line 2 column 28: "),
        ("operator_token = \"lhop_hush\" lhop_hush\n", "not TOML, at line 1 column 30: "),
        (
            "operator_token = \"a\"\noperator_token = \"lhop_hush\"",
            "not TOML, at line 2 column 1: ",
        ),
        ("operator_token = lhop_hush", "not TOML, at line 1 column 18: "),
    ] {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let flags = Flags::from([("config", file.path().display().to_string())]);
        let problems = read::<Three>(&flags, &BTreeMap::new()).unwrap_err().to_string();
        assert!(problems.contains(place) && !problems.contains("hush"), "{problems}");
    }
}

#[test]
fn bounds_are_inclusive() {
    let timeout = table::DELIVERY_TIMEOUT.parse;
    for (text, fits) in [("99ms", false), ("100ms", true), ("5m", true), ("301s", false)] {
        assert_eq!(timeout(text).is_ok(), fits, "{text}");
    }
    let workers = table::CONCURRENCY.parse;
    for (text, fits) in [("0", false), ("1", true), ("10000", true), ("10001", false)] {
        assert_eq!(workers(text).is_ok(), fits, "{text}");
    }
}
