use std::{collections::BTreeMap, io::Write as _};

use settings::{Flags, Names, Problems, Setting};
use yaml_rust2::{Yaml, YamlLoader};

use super::*;

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn flag<T>(setting: &Setting<T>, value: &str) -> Flags {
    Flags::from([(setting.names.key, value.to_owned())])
}

fn flags_with(file: &tempfile::NamedTempFile) -> Flags {
    flag(&table::CONFIG, file.path().to_str().unwrap())
}

fn read(flags: &Flags, env: &BTreeMap<String, String>) -> Result<Settings, Problems> {
    settings::read(flags, env)
}

/// Returns the names of the configuration file and of every setting.
fn taken() -> Vec<Names> {
    [vec![table::CONFIG.names], settings::taken::<Settings>()].concat()
}

fn complaint(flags: &Flags, env: &BTreeMap<String, String>) -> String {
    read(flags, env).unwrap_err().to_string()
}

#[test]
fn an_empty_configuration_gives_the_documented_defaults() {
    let settings = read(&Flags::default(), &BTreeMap::new()).unwrap();
    assert_eq!(settings.data_dir, PathBuf::from("latchhook-data"));
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.retry_schedule, Schedule::default());
    assert_eq!(settings.delivery_timeout, Duration::from_secs(15));
    assert_eq!(settings.log_retention, Duration::from_hours(30 * 24));
    assert_eq!((settings.limits, settings.key_prefix), (Limits::default(), KeyPrefix::default()));
    assert_eq!((settings.operator_token, settings.extra_ca), (None, None));
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default() {
    let file = file("rate_limit = 10\nlog_retention = '10d'\ndelivery_timeout = '10s'\n");
    let env = env(&[("LATCHHOOK_LOG_RETENTION", "20d"), ("LATCHHOOK_DELIVERY_TIMEOUT", "20s")]);
    let mut flags = flags_with(&file);
    flags.extend(flag(&table::DELIVERY_TIMEOUT, "30s"));
    let settings = read(&flags, &env).unwrap();
    assert_eq!(settings.delivery_timeout, Duration::from_secs(30));
    assert_eq!(settings.log_retention, Duration::from_hours(20 * 24));
    assert_eq!(settings.limits.key_requests.limit, 10);
    assert_eq!(settings.key_prefix.as_str(), "lh");
}

#[test]
fn the_environment_can_name_the_file_and_empty_variables_are_ignored() {
    let file = file("key_prefix = 'acme'\nallow_networks = ['127.0.0.0/8', '::1/128']\n");
    let path = file.path().to_str().unwrap();
    let env = env(&[("LATCHHOOK_CONFIG", path), ("LATCHHOOK_KEY_PREFIX", "")]);
    let settings = read(&Flags::default(), &env).unwrap();
    assert_eq!(settings.key_prefix.as_str(), "acme");
    for address in ["127.0.0.1", "::1"] {
        assert!(settings.allow_networks.contains(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn every_problem_is_named_at_once_with_its_place() {
    let file = file("retry_schedule = '10x'\nretry_shedule = '1x1m'\ndata_dir = { a = 1 }\n");
    let env = env(&[
        ("LATCHHOOK_RATE_LIMIT", "0"),
        ("LATCHHOOK_KEY_PREFIX", "Bad_Prefix"),
        ("LATCHHOOK_LEGACY_SIGNATURE_HEADER", "webhook-id"),
        ("LATCHHOOK_LOG_FORMAT", "xml"),
        ("LATCHHOOK_COMPATIBILITY", "svix"),
        ("LATCHHOOK_ALLOW_NETWORKS", "10.0.0.0/8,here"),
        ("LATCHHOOK_NAME_SERVERS", "10.0.0.2,dns.example"),
        ("LATCHHOOK_EXTRA_CA_FILE", "/nowhere/ca.pem"),
        ("LATCHHOOK_DELIVERY_TIMEOUT", "15"),
        ("AWS_ENDPOINT_URL_SNS", "ftp://localhost"),
        ("LATCHHOOK_FRAME_ANCESTORS", "https://app.example.com; script-src *"),
    ]);
    let mut flags = flags_with(&file);
    flags.extend(flag(&table::LISTEN, "localhost"));
    let complaint = complaint(&flags, &env);
    for expected in [
        "--listen: \"localhost\" is not ADDRESS:PORT",
        "LATCHHOOK_RATE_LIMIT: must be a whole number from 1",
        "LATCHHOOK_KEY_PREFIX: must be 1 to 16",
        "LATCHHOOK_LEGACY_SIGNATURE_HEADER: \"webhook-id\" already has a meaning",
        "LATCHHOOK_LOG_FORMAT: \"xml\" is neither",
        "LATCHHOOK_COMPATIBILITY: \"svix\" is neither none nor checkr",
        "LATCHHOOK_ALLOW_NETWORKS: \"here\" is not a network",
        "LATCHHOOK_NAME_SERVERS: \"dns.example\" is not the address of a name server",
        "LATCHHOOK_FRAME_ANCESTORS: \"https://app.example.com; script-src *\" is not a site",
        "LATCHHOOK_EXTRA_CA_FILE: \"/nowhere/ca.pem\": No such file",
        "LATCHHOOK_DELIVERY_TIMEOUT: \"15\" is not a duration",
        "AWS_ENDPOINT_URL_SNS: must be an http:// or https:// URL",
        "retry_schedule: \"10x\" is not COUNTxDURATION",
        "retry_shedule: there is no such setting",
        "data_dir: must be a text",
    ] {
        assert!(complaint.contains(expected), "{expected:?} is not in:\n{complaint}");
    }
    assert_eq!(complaint.lines().count(), 16, "{complaint}");
}

#[test]
fn a_bad_token_is_a_problem_but_is_never_shown() {
    let env = env(&[("LATCHHOOK_OPERATOR_TOKEN", "lhop_hunter2")]);
    let complaint = complaint(&Flags::default(), &env);
    assert!(complaint.contains("LATCHHOOK_OPERATOR_TOKEN: must be lhop_"), "{complaint}");
    assert!(!complaint.contains("hunter2"), "{complaint}");
}

#[test]
fn a_file_that_can_not_be_read_or_is_not_toml_is_a_problem() {
    let flags = flag(&table::CONFIG, "/nowhere/latchhook.toml");
    assert!(complaint(&flags, &BTreeMap::new()).contains("/nowhere/latchhook.toml: No such file"));
    let file = file("listen = ");
    assert!(complaint(&flags_with(&file), &BTreeMap::new()).contains(".toml: not TOML, at line 1"));
}

#[test]
fn every_setting_has_names_of_its_own() {
    let taken = taken();
    let mut names: Vec<&str> = taken.iter().flat_map(|names| [names.key, names.env]).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!((names.len(), all), (all, 128));
}

#[test]
fn the_paper_has_every_setting_with_its_variable_and_default() {
    let paper = include_str!("../../../../docs/configuration.md");
    for Names { key: name, env, default, .. } in taken().into_iter().skip(1) {
        let begins = format!("| `{name}` | `{env}` | ");
        let row = paper.lines().find_map(|line| line.strip_prefix(&begins));
        let row =
            row.unwrap_or_else(|| panic!("docs/configuration.md has no row for {name} and {env}"));
        if let Some(default) = default {
            assert!(row.starts_with(&format!("`{default}` | ")), "{name}: {row}");
        }
    }
}

#[test]
fn the_template_of_the_other_backend_has_the_same_defaults() {
    let template = include_str!("../../../../infra/template.yaml");
    let template = &YamlLoader::load_from_str(template).unwrap()[0];
    let everywhere = &template["Globals"]["Function"];
    let resources = template["Resources"].as_hash().unwrap().values();
    let own = resources.map(|resource| &resource["Properties"]);
    let functions: Vec<&Yaml> = own.chain([everywhere]).collect();
    let parameter_of = |env: &str| {
        functions.iter().find_map(|function| function["Environment"]["Variables"][env].as_str())
    };
    let mut held = 0;
    for Names { env, default, .. } in taken() {
        // Of `!Ref Parameter` only the name is left.
        let (Some(parameter), Some(default)) = (parameter_of(env), default) else { continue };
        let found = &template["Parameters"][parameter]["Default"];
        let number = found.as_i64().map(|number| number.to_string());
        assert_eq!(found.as_str().or(number.as_deref()), Some(default), "{parameter}");
        held += 1;
    }
    assert_eq!(held, 27);
}

#[test]
fn sites_that_may_frame_the_dashboard_are_origins_and_nothing_else() {
    let read = |text: &str| {
        let env = env(&[("LATCHHOOK_FRAME_ANCESTORS", text)]);
        read(&Flags::default(), &env).map(|settings| settings.frame_ancestors)
    };
    let two = read("https://app.example.com, http://localhost:3000").unwrap();
    assert_eq!(two, ["https://app.example.com", "http://localhost:3000"]);
    assert_eq!(read("https://*.example.com:8443").unwrap(), ["https://*.example.com:8443"]);
    for wrong in
        ["*", "'self'", "app.example.com", "https://a b", "https://a/b", "https://*", "https://"]
    {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
