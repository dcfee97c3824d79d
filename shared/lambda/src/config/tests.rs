use super::*;

/// Returns what the template tells functions, and what they are told instead of it here.
fn complete() -> BTreeMap<String, String> {
    let mut environment = deployed::environment();
    for (name, value) in [
        ("LATCHHOOK_VAULT", "sealed"),
        ("LATCHHOOK_PUBLIC_URL", "https://hooks.example.com/"),
        ("LATCHHOOK_LOG", "info,app=debug"),
    ] {
        assert!(environment.insert(name.to_owned(), value.to_owned()).is_some(), "{name}");
    }
    environment
}

#[test]
fn a_complete_environment_is_read_and_empty_variables_are_ignored() {
    let settings = Settings::read(&complete()).unwrap();
    assert_eq!((settings.vault, settings.hop_limit), (VaultKind::Sealed, Duration::from_mins(15)));
    assert_eq!(settings.public_url.as_deref(), Some("https://hooks.example.com"));
    assert_eq!(settings.retry_schedule, Schedule::default());
    assert!(!settings.allow_networks.contains([10, 0, 0, 1].into()));
    assert!(settings.name_servers.is_empty());
    assert_eq!(settings.kms_key, None);
}

#[test]
fn all_missing_settings_are_reported_at_once() {
    let complaint = Settings::read(&BTreeMap::new()).unwrap_err().to_string();
    // What is empty by default need not be there, and jurisdictions have a default here, too.
    let deployed = deployed::environment();
    let is_required = |(name, value): &(&String, &String)| {
        !value.is_empty() && name.as_str() != "LATCHHOOK_JURISDICTIONS"
    };
    for (name, _) in deployed.iter().filter(is_required) {
        assert!(complaint.contains(&format!("{name}: is missing")), "{name}: {complaint}");
    }
}

#[test]
fn all_wrong_settings_are_reported_at_once() {
    let mut env = complete();
    for (name, value) in [
        ("LATCHHOOK_HOP_LIMIT", "901s"),
        ("LATCHHOOK_VAULT", "paper"),
        ("LATCHHOOK_RATE_LIMIT", "0"),
        ("LATCHHOOK_LOG", "info,app=loud"),
        ("LATCHHOOK_PUBLIC_URL", "hooks.example.com"),
    ] {
        env.insert(name.to_owned(), value.to_owned());
    }
    let complaint = Settings::read(&env).unwrap_err().to_string();
    for expected in [
        "LATCHHOOK_HOP_LIMIT: must be from 1s to 15m",
        "LATCHHOOK_VAULT: \"paper\" is neither",
        "LATCHHOOK_RATE_LIMIT: must be a whole number from 1",
        "LATCHHOOK_LOG: \"info,app=loud\" is not a log filter",
        "LATCHHOOK_PUBLIC_URL: must be an http:// or https:// URL",
    ] {
        assert!(complaint.contains(expected), "{expected:?} is not in:\n{complaint}");
    }
    assert_eq!(complaint.lines().count(), 6, "{complaint}");
}
