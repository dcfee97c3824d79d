//! Life of one seed.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use domain::{Rate, Timestamp};
use futures_util::future::join;
use latchhook_simulation::{
    Bug, Call, Chance, LONGEST_LAG, NewWebhook, Rates, Reply, Simulation, hours, minutes, seconds,
};
use ports::store::REMEMBERED_FOR;
use serde_json::json;

use crate::{
    promises,
    world::{Credential, Customer, Kind},
};

/// Number of rounds of a life.
const ROUNDS: usize = 12;
/// Shortened retry schedule.
pub(crate) const SCHEDULE: &str = "5x1m,3x1h";
/// Requests a minute of a key.
pub(crate) const RATE: u64 = 8;
/// Webhooks of a customer.
pub(crate) const QUOTA: usize = 2;

/// URL of the webhook that hears statements.
pub(crate) const STATEMENTS_URL: &str = "https://statements.example/told";
/// URL of the operational webhook.
pub(crate) const OPERATOR_URL: &str = "https://operator.example/told";

/// Kinds of fault, one of which a life has.
const KINDS: [Rates; 9] = [
    Rates::NONE,
    Rates { crash: 12, ..Rates::NONE },
    Rates { before: 40, contended: 40, ..Rates::NONE },
    Rates { after: 40, ..Rates::NONE },
    Rates { duplicated: 200, ..Rates::NONE },
    Rates { before: 20, after: 20, contended: 30, duplicated: 60, crash: 6, ..Rates::NONE },
    Rates { contended: 150, crash: 4, ..Rates::NONE },
    Rates { lag: 60, contended: 40, ..Rates::NONE },
    Rates::NONE,
];

/// Registered event types by name, each with the largest amount that its schema allows.
pub(crate) type Types = BTreeMap<&'static str, u64>;

/// Random life of several customers of one installation.
pub(crate) struct Life {
    pub(crate) simulation: Simulation,
    pub(crate) chance: Chance,
    pub(crate) rates: Rates,
    /// True if nothing fails, so that everything happens to the second.
    pub(crate) is_calm: bool,
    /// True if the backend is one of many processes and services.
    pub(crate) is_shared: bool,
    pub(crate) customers: Vec<Customer>,
    /// Signing secret of the operational webhook.
    pub(crate) operator_secret: String,
    /// Account whose webhook hears nothing but statements.
    pub(crate) stated: Stated,
    /// Event types that are registered.
    pub(crate) types: Types,
    /// Types of before, each until they were changed.
    pub(crate) earlier_types: Vec<(Types, Timestamp)>,
    /// True while the disk is full.
    pub(crate) is_full: bool,
    pub(crate) rounds: u32,
    pub(crate) calls: u32,
    pub(crate) lived: Lived,
}

/// Account with a webhook that is sent its statement every hour.
pub(crate) struct Stated {
    pub(crate) account: String,
    pub(crate) webhook: NewWebhook,
    /// Time at which everything was there.
    pub(crate) since: Timestamp,
}

/// Number of things that happened.
#[derive(Debug, Default, Clone)]
pub(crate) struct Lived {
    pub(crate) lives: u64,
    pub(crate) requests: u64,
    pub(crate) events: u64,
    pub(crate) attempts: u64,
    pub(crate) restarts: u64,
    pub(crate) full: u64,
    pub(crate) floods: u64,
    pub(crate) recreated: u64,
    pub(crate) refused: u64,
    pub(crate) closed: u64,
}

impl Lived {
    pub(crate) fn add(&mut self, other: &Self) {
        self.lives += other.lives;
        self.requests += other.requests;
        self.events += other.events;
        self.attempts += other.attempts;
        self.restarts += other.restarts;
        self.full += other.full;
        self.floods += other.floods;
        self.recreated += other.recreated;
        self.refused += other.refused;
        self.closed += other.closed;
    }

    /// Returns whether each of them happened often enough for so many lives.
    pub(crate) fn is_enough(&self) -> bool {
        let few = self.lives / 4;
        let often = [self.full, self.floods, self.recreated, self.refused, self.restarts];
        self.events > 3 * self.lives && often.iter().all(|number| *number >= few.max(1))
    }
}

impl Life {
    /// Lives the life of `seed`, with everything that is promised checked; returns what happened.
    pub(crate) fn of(seed: u64, bug: Option<Bug>) -> Lived {
        let mut life = Self::begin(seed, bug);
        for _ in 0..ROUNDS {
            life.round();
            life.sweep();
        }
        life.simulation.faults.set(Rates::NONE);
        life.settle();
        promises::hold(&mut life);
        life.lived.lives = 1;
        life.lived.restarts = u64::from(life.simulation.restarts);
        life.lived.attempts = life.simulation.network.hits().len() as u64;
        life.lived.clone()
    }

    fn begin(seed: u64, bug: Option<Bug>) -> Self {
        let mut simulation = Simulation::with_bug(seed, bug, |settings| {
            settings.schedule = SCHEDULE.parse().unwrap();
            settings.limits.key_requests = Rate::per_minute(RATE);
        });
        let mut chance = Chance::seeded(seed ^ 0x11fe);
        let rates = KINDS[chance.below(KINDS.len())];
        let is_shared = chance.happens(250);
        if is_shared {
            simulation.faults.split_commits();
            simulation.faults.keep_secrets_apart();
        }
        let operator_secret = Self::listen(&mut simulation);
        let stated = Self::state(&mut simulation);
        let customers = ["ada", "bob"].map(|name| Self::open(&mut simulation, seed, name));
        simulation.faults.set(rates);
        Self {
            simulation,
            chance,
            rates,
            is_calm: rates == Rates::NONE,
            is_shared,
            customers: customers.into(),
            operator_secret,
            stated,
            types: Types::new(),
            earlier_types: vec![],
            is_full: false,
            rounds: 0,
            calls: 0,
            lived: Lived::default(),
        }
    }

    /// Creates an operational webhook, which hears everything; returns its signing secret.
    fn listen(simulation: &mut Simulation) -> String {
        simulation.network.answers(OPERATOR_URL, 200);
        let body = json!({ "webhook_url": OPERATOR_URL });
        simulation
            .call(Call::post("/v1/operator_webhooks", &body))
            .expect(201)
            .text("/signing_secret")
    }

    /// Opens the account whose webhook hears statements, and has the sweep begin.
    fn state(simulation: &mut Simulation) -> Stated {
        simulation.network.answers(STATEMENTS_URL, 200);
        let account = simulation.open_account();
        let settings = json!({
            "webhook_url": STATEMENTS_URL,
            "environment": "test",
            "include_object": true,
            "event_types": ["webhook.statement"],
        });
        let made = simulation.call(Call::post("/v1/webhooks", &settings).on(&account)).expect(201);
        let (id, secret) = (made.text("/id"), made.text("/signing_secret"));
        let webhook = NewWebhook { id, url: STATEMENTS_URL.to_owned(), secret };
        simulation.ask(|app| async move { app.send_statements().await }).unwrap().unwrap();
        Stated { account, webhook, since: simulation.now() }
    }

    /// Has two processes send at once the statements that are due. What fails is made up for.
    pub(crate) fn sweep(&mut self) {
        _ = self.simulation.ask(|app| async move {
            _ = join(app.send_statements(), app.send_statements()).await;
        });
    }

    fn open(simulation: &mut Simulation, seed: u64, name: &str) -> Customer {
        let opened = simulation.call(Call::post("/v1/accounts", &json!({ "name": name })));
        for (number, luck) in [950, 500, 150].into_iter().enumerate() {
            let url = url(name, number);
            let chance = Mutex::new(Chance::seeded(seed ^ number as u64));
            simulation.network.on(&url, move |_| reply(&mut chance.lock().unwrap(), luck));
        }
        Customer {
            id: opened.expect(201).text("/id"),
            name: name.to_owned(),
            ..Customer::default()
        }
    }

    /// Returns whether time passes between any two steps, so that leases end during attempts.
    pub(crate) fn lags(&self) -> bool {
        self.rates.lag > 0
    }

    /// Time by which what was on its way can be late, and what is remembered.
    pub(crate) fn slack(&self) -> Duration {
        let lag = if self.lags() { 10 * LONGEST_LAG } else { Duration::ZERO };
        if self.is_shared { lag + REMEMBERED_FOR } else { lag }
    }

    /// Time for which a credential can work after its end: where processes remember operator tokens.
    pub(crate) fn lateness(&self, credential: &Credential) -> Duration {
        match credential.kind {
            Kind::Key | Kind::Session => Duration::ZERO,
            Kind::Token => self.slack(),
        }
    }

    /// Returns whether the log can have attempts that were made and could not be recorded.
    pub(crate) fn may_log_more(&self) -> bool {
        self.is_shared && !self.is_calm
    }

    /// Lets time pass until no message waits, which must not take longer than the longest schedule
    /// and what recoveries add.
    pub(crate) fn settle(&mut self) {
        let latest = self.simulation.now().plus(hours(5));
        while self.simulation.disk.waiting() > 0 {
            assert!(self.simulation.now() < latest, "messages still wait after five hours");
            self.simulation.run_for(minutes(10));
        }
        self.simulation.run_for(minutes(1));
    }
}

/// URL of a customer's receiver.
pub(crate) fn url(name: &str, number: usize) -> String {
    format!("https://{name}.example/{number}")
}

fn reply(chance: &mut Chance, luck: u32) -> Reply {
    let reply = match chance.below(30) {
        _ if chance.happens(luck) => Reply::status(200),
        0 => Reply::status(410),
        1..6 => Reply::status(503).retry_after(100),
        6..9 => Reply::nothing(),
        _ => Reply::status(500),
    };
    reply.after(seconds([0, 0, 2, 14][chance.below(4)]))
}
