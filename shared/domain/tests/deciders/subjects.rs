//! Generators of events and commands for each decider, likely or not.

use std::fmt::Debug;

use latchhook_domain::{
    Decider, Environment, Jurisdiction, KeyType, Timestamp,
    account::{self, Account, AccountEvent},
    event_types::{self, EventTypes, EventTypesEvent},
    id::Ulid,
    key::{self, ApiKey, KeyEvent},
    limits::OwnRate,
    signing::PublicKey,
    webhook::{self, DisabledReason, EventType, Subscription, Webhook, WebhookEvent},
};
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};

/// Decider with generated events and commands.
pub(crate) trait Subject:
    Decider<Event: Clone + Debug + PartialEq, Command: Clone + Debug, Rejection: PartialEq>
    + Debug
    + PartialEq
{
    /// Generates any event.
    fn events() -> BoxedStrategy<Self::Event>;

    /// Generates any command.
    fn commands() -> BoxedStrategy<Self::Command>;

    /// Returns whether `command`, given a second time at `now`, changes nothing.
    fn is_idempotent(command: &Self::Command, now: Timestamp) -> bool;
}

/// Generates an instant, often one of a few, so that instants coincide.
pub(crate) fn instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        3 => (0..5i64).prop_map(Timestamp::from_millis),
        1 => (0..=Timestamp::MAX.as_millis()).prop_map(Timestamp::from_millis),
    ]
}

/// Generates an identifier.
pub(crate) fn id<T: From<Ulid> + Debug>() -> impl Strategy<Value = T> {
    any::<u128>().prop_map(|number| T::from(Ulid::from(number)))
}

/// Generates a text, often one of two, so that texts coincide.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![2 => "[ab]", 1 => any::<String>()]
}

fn number() -> impl Strategy<Value = u32> {
    prop_oneof![3 => 0..3u32, 1 => any::<u32>(), 1 => Just(u32::MAX)]
}

impl Subject for Account {
    fn events() -> BoxedStrategy<AccountEvent> {
        use account::{
            Closed, CredentialWithdrawn, Credentialed, EventErased, Opened, PortalSessionEnded,
            PortalSessionOpened, Renamed, WebhookQuotaChanged,
        };
        let opened = (id(), text(), option::of(text()), number()).prop_map(
            |(id, name, external_id, webhook_quota)| {
                Opened { id, name, external_id, webhook_quota }.into()
            },
        );
        prop_oneof![
            opened,
            text().prop_map(|name| Renamed { name }.into()),
            Just(Credentialed {}.into()),
            Just(CredentialWithdrawn {}.into()),
            number().prop_map(|webhook_quota| WebhookQuotaChanged { webhook_quota }.into()),
            (id(), instant()).prop_map(|(session, expires_at)| {
                PortalSessionOpened { session, expires_at }.into()
            }),
            id().prop_map(|session| PortalSessionEnded { session }.into()),
            id().prop_map(|event| EventErased { event }.into()),
            Just(Closed {}.into()),
        ]
        .boxed()
    }

    fn commands() -> BoxedStrategy<account::Command> {
        use account::Command::{
            Close, EndPortalSession, Open, OpenPortalSession, ShowPortalSession, Update,
        };
        prop_oneof![
            (id(), text(), option::of(text()), number()).prop_map(
                |(id, name, external_id, webhook_quota)| {
                    Open { id, name, external_id, webhook_quota }
                }
            ),
            (option::of(text()), any::<Option<bool>>(), option::of(number())).prop_map(
                |(name, credentialed, webhook_quota)| Update { name, credentialed, webhook_quota }
            ),
            (id(), instant())
                .prop_map(|(session, expires_at)| OpenPortalSession { session, expires_at }),
            id().prop_map(|session| EndPortalSession { session }),
            id().prop_map(|session| ShowPortalSession { session }),
            Just(Close),
        ]
        .boxed()
    }

    fn is_idempotent(command: &account::Command, _: Timestamp) -> bool {
        matches!(command, account::Command::Update { .. } | account::Command::Close)
    }
}

fn key_created() -> impl Strategy<Value = key::Created> {
    let kinds = (select(KeyType::ALL), select(Environment::ALL));
    let texts = (text(), text());
    (id(), id(), kinds, texts, option::of(instant()), (any::<[bool; 2]>(), settings())).prop_map(
        |(id, account, kind, (redacted, fingerprint), expires_at, ([imported, revealable], of))| {
            let (key_type, environment) = kind;
            let key::Settings { name, scopes, metadata, rate_limit, allowed_networks } = of;
            key::Created {
                id,
                account,
                key_type,
                environment,
                name,
                redacted,
                fingerprint,
                expires_at,
                imported,
                revealable,
                scopes,
                metadata,
                rate_limit,
                allowed_networks,
            }
        },
    )
}

fn settings() -> impl Strategy<Value = key::Settings> {
    let scopes = vec("[a-z:]{1,9}".prop_map(|text| text.parse::<key::Scope>().unwrap()), 0..3);
    let metadata = btree_map(text(), text(), 0..3);
    let rate = (1..9_u64, 1..99_u32).prop_map(|(limit, period)| OwnRate::new(limit, period));
    let networks = vec(any::<[u8; 4]>(), 0..3).prop_map(|all| {
        let network = |[a, b, c, d]: [u8; 4]| format!("{a}.{b}.{c}.{d}/24").parse().unwrap();
        all.into_iter().map(network).collect::<Vec<key::Network>>()
    });
    let texts = (option::of(text()), option::of(scopes), metadata);
    (texts, option::of(rate), option::of(networks)).prop_map(
        |((name, scopes, metadata), rate, allowed_networks)| key::Settings {
            name,
            scopes,
            metadata,
            rate_limit: rate.map(Result::unwrap),
            allowed_networks,
        },
    )
}

impl Subject for ApiKey {
    fn events() -> BoxedStrategy<KeyEvent> {
        use key::{ExpirySet, FingerprintRenewed, Revealed, Rolled};
        prop_oneof![
            key_created().prop_map(KeyEvent::from),
            option::of(instant()).prop_map(|expires_at| ExpirySet { expires_at }.into()),
            (id(), option::of(instant())).prop_map(|(replaced_by, expires_at)| {
                Rolled { replaced_by, expires_at }.into()
            }),
            Just(Revealed {}.into()),
            text().prop_map(|fingerprint| FingerprintRenewed { fingerprint }.into()),
            settings().prop_map(|settings| key::Updated::from(settings).into()),
            Just(key::ImportUndone {}.into()),
        ]
        .boxed()
    }

    fn commands() -> BoxedStrategy<key::Command> {
        use key::Command::{Create, Expire, RenewFingerprint, Reveal, Roll, UndoImport, Update};
        prop_oneof![
            (key_created(), any::<bool>())
                .prop_map(|(key, credentialed)| Create { key, credentialed }),
            option::of(instant()).prop_map(|at| Expire { at }),
            (id(), option::of(instant())).prop_map(|(successor, at)| Roll { successor, at }),
            Just(Reveal),
            text().prop_map(|fingerprint| RenewFingerprint { fingerprint }),
            settings().prop_map(Update),
            Just(UndoImport),
        ]
        .boxed()
    }

    fn is_idempotent(command: &key::Command, now: Timestamp) -> bool {
        use key::Command::{Expire, UndoImport, Update};
        match command {
            // Expiring at `now` a second time is rejected, because the key has expired by then.
            Expire { at } => *at != Some(now),
            Update(_) | UndoImport => true,
            _ => false,
        }
    }
}

fn event_type() -> impl Strategy<Value = EventType> {
    prop_oneof![2 => "[ab]", 1 => "[a-zA-Z0-9_-]{1,9}(\\.[a-zA-Z0-9_-]{1,9}){0,4}"]
        .prop_map(|name: String| name.parse().unwrap())
}

fn subscriptions() -> impl Strategy<Value = Vec<Subscription>> {
    let one = prop_oneof![
        Just(Subscription::All),
        event_type().prop_map(Subscription::Exactly),
        event_type().prop_map(|name| Subscription::Under(format!("{name}."))),
    ];
    prop::collection::vec(one, 0..4)
}

fn endpoint() -> impl Strategy<Value = webhook::Endpoint> {
    (text(), text(), option::of(number()))
        .prop_map(|(url, fingerprint, secret)| webhook::Endpoint { url, fingerprint, secret })
}

fn webhook_created() -> impl Strategy<Value = webhook::Created> {
    let kinds = (
        select(Environment::ALL),
        select(vec![Jurisdiction::US, Jurisdiction::CA, Jurisdiction::NONE]),
        any::<bool>(),
    );
    let rest = (endpoint(), subscriptions(), option::of(text()), number());
    (id(), id(), kinds, rest, own(), option::of(public_key())).prop_map(
        |(
            id,
            account,
            (environment, jurisdiction, include_object),
            (endpoint, event_types, description, secret),
            (filter, headers, rate_limit),
            public_key,
        )| webhook::Created {
            id,
            account,
            environment,
            jurisdiction,
            endpoint,
            include_object,
            event_types,
            description,
            filter,
            headers,
            rate_limit,
            secret,
            public_key,
        },
    )
}

type Own = (Option<webhook::Filter>, Option<webhook::Headers>, Option<OwnRate>);

/// Filter, headers and rate of a webhook's own.
fn own() -> impl Strategy<Value = Own> {
    let filter = select(vec!["{}", r#"{"type":["report.completed"]}"#]);
    let filter = filter.prop_map(|text| serde_json::from_str(text).unwrap());
    let headers =
        (vec(select(vec!["X-Tenant", "Authorization"]).prop_map(str::to_owned), 1..3), number());
    let headers = headers.prop_map(|(names, secret)| webhook::Headers { names, secret });
    let rate =
        (1..9_u64, 1..99_u32).prop_map(|(limit, period)| OwnRate::new(limit, period).unwrap());
    (option::of(filter), option::of(headers), option::of(rate))
}

fn public_key() -> impl Strategy<Value = PublicKey> {
    let keys = [
        "whpk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    ];
    select(keys.to_vec()).prop_map(|text| text.parse().unwrap())
}

fn change() -> impl Strategy<Value = webhook::Change> {
    let flags = (any::<Option<bool>>(), any::<Option<bool>>());
    let rest = (option::of(endpoint()), option::of(subscriptions()));
    (flags, rest, option::of(option::of(text())), option::of(own())).prop_map(
        |((include_object, enabled), (endpoint, event_types), description, own)| {
            let (filter, headers, rate_limit) =
                own.map_or((None, None, None), |own| (Some(own.0), Some(own.1), Some(own.2)));
            webhook::Change {
                endpoint,
                include_object,
                event_types,
                description,
                filter,
                headers,
                rate_limit,
                enabled,
            }
        },
    )
}

impl Subject for Webhook {
    fn events() -> BoxedStrategy<WebhookEvent> {
        use webhook::{
            Deleted, Disabled, Enabled, FingerprintRenewed, OverlapEnded, SecretRestored,
            SecretRevealed, SecretRotated, Updated, UrlChanged,
        };
        let updated = (any::<bool>(), subscriptions(), option::of(text()), own()).prop_map(
            |(include_object, event_types, description, (filter, headers, rate_limit))| {
                let rest = Updated {
                    include_object,
                    event_types,
                    description,
                    filter,
                    headers,
                    rate_limit,
                };
                rest.into()
            },
        );
        let rotated = (number(), option::of(public_key()), instant());
        prop_oneof![
            webhook_created().prop_map(WebhookEvent::from),
            endpoint().prop_map(|endpoint| UrlChanged { endpoint }.into()),
            updated,
            select(DisabledReason::ALL).prop_map(|reason| Disabled { reason }.into()),
            Just(Enabled {}.into()),
            rotated.prop_map(|(secret, public_key, previous_expires_at)| {
                SecretRotated { secret, public_key, previous_expires_at }.into()
            }),
            Just(OverlapEnded {}.into()),
            number().prop_map(|secret| SecretRestored { secret }.into()),
            Just(SecretRevealed {}.into()),
            text().prop_map(|fingerprint| FingerprintRenewed { fingerprint }.into()),
            Just(Deleted {}.into()),
        ]
        .boxed()
    }

    fn commands() -> BoxedStrategy<webhook::Command> {
        use webhook::Command::{
            Create, Delete, Disable, EndOverlap, RestoreSecret, RevealSecret, RotateSecret, Update,
        };
        prop_oneof![
            (webhook_created(), any::<bool>())
                .prop_map(|(webhook, credentialed)| Create { webhook, credentialed }),
            change().prop_map(Update),
            select(DisabledReason::ALL).prop_map(Disable),
            (option::of(public_key()), instant()).prop_map(|(public_key, previous_expires_at)| {
                RotateSecret { public_key, previous_expires_at }
            }),
            Just(EndOverlap),
            Just(RestoreSecret),
            Just(RevealSecret),
            Just(Delete),
        ]
        .boxed()
    }

    fn is_idempotent(command: &webhook::Command, _: Timestamp) -> bool {
        use webhook::Command::{Disable, EndOverlap, Update};
        matches!(command, Update(_) | Disable(_) | EndOverlap)
    }
}

fn put() -> impl Strategy<Value = event_types::Put> {
    (event_type(), option::of(text()), option::of(text()))
        .prop_map(|(name, description, schema)| event_types::Put { name, description, schema })
}

impl Subject for EventTypes {
    fn events() -> BoxedStrategy<EventTypesEvent> {
        use event_types::Removed;
        prop_oneof![
            put().prop_map(EventTypesEvent::from),
            event_type().prop_map(|name| Removed { name }.into()),
        ]
        .boxed()
    }

    fn commands() -> BoxedStrategy<event_types::Command> {
        use event_types::Command::{Put, Remove};
        prop_oneof![put().prop_map(Put), event_type().prop_map(Remove)].boxed()
    }

    fn is_idempotent(command: &event_types::Command, _: Timestamp) -> bool {
        matches!(command, event_types::Command::Put(_))
    }
}
