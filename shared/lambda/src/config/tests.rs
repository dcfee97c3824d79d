use super::*;

const COMPLETE: [(&str, &str); 33] = [
    ("LATCHHOOK_EVENTS_TABLE", "events"),
    ("LATCHHOOK_VIEWS_TABLE", "views"),
    ("LATCHHOOK_DELIVERIES_QUEUE", "https://sqs.example/deliveries"),
    ("LATCHHOOK_RETRY_MINUTES_QUEUE", "https://sqs.example/retry-minutes"),
    ("LATCHHOOK_RETRY_HOURS_QUEUE", "https://sqs.example/retry-hours"),
    ("LATCHHOOK_STACK", "latchhook"),
    ("LATCHHOOK_HOP_LIMIT", "15m"),
    ("LATCHHOOK_VAULT", "sealed"),
    ("LATCHHOOK_RETRY_SCHEDULE", "10x1m,24x1h"),
    ("LATCHHOOK_DELIVERY_TIMEOUT", "15s"),
    ("LATCHHOOK_KEY_PREFIX", "lh"),
    ("LATCHHOOK_LOG_RETENTION", "30d"),
    ("LATCHHOOK_RATE_LIMIT", "1200"),
    ("LATCHHOOK_PORTAL_RATE_LIMIT", "1200"),
    ("LATCHHOOK_ACCOUNT_RATE_LIMIT", "6000"),
    ("LATCHHOOK_KEY_QUOTA", "1000"),
    ("LATCHHOOK_PORTAL_SESSION_QUOTA", "50"),
    ("LATCHHOOK_FAILING_AFTER", "1h"),
    ("LATCHHOOK_FAILING_ATTEMPTS", "10"),
    ("LATCHHOOK_LOG_QUOTA", "256MiB"),
    ("LATCHHOOK_PING_LIMIT", "60"),
    ("LATCHHOOK_RESEND_LIMIT", "600"),
    ("LATCHHOOK_CHANGE_LIMIT", "10000"),
    ("LATCHHOOK_SIGN_IN_LIMIT", "20"),
    ("LATCHHOOK_PUBLIC_URL", "https://hooks.example.com/"),
    ("LATCHHOOK_LOG", "info,app=debug"),
    ("LATCHHOOK_ROOT_TOKEN", "on"),
    ("LATCHHOOK_PAYLOAD_FORMAT", "standard"),
    ("LATCHHOOK_SIGNATURE_HEADERS", "webhook,svix"),
    ("LATCHHOOK_ALLOW_NETWORKS", ""),
    ("LATCHHOOK_NAME_SERVERS", ""),
    ("LATCHHOOK_COMPATIBILITY", "none"),
    ("LATCHHOOK_KMS_KEY", ""),
];

fn complete() -> BTreeMap<String, String> {
    COMPLETE.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
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
    let optional = [
        "LATCHHOOK_ALLOW_NETWORKS",
        "LATCHHOOK_NAME_SERVERS",
        "LATCHHOOK_PUBLIC_URL",
        "LATCHHOOK_KMS_KEY",
    ];
    for (name, _) in COMPLETE.iter().filter(|(name, _)| !optional.contains(name)) {
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
