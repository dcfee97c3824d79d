//! Rounds of a life: one to four requests at once, or something that happens to all.

use latchhook_simulation::{Call, Ticket, hours, minutes, seconds};
use serde_json::json;

use crate::{
    actions::{Action, Done, TYPE},
    life::{Life, QUOTA, RATE, url},
    world::{Customer, Kind},
};

/// Names of event types that come and go.
const TYPES: [&str; 2] = [TYPE, "report.failed"];

impl Life {
    /// Lives one round, and lets some time pass.
    pub(crate) fn round(&mut self) {
        self.rounds += 1;
        match self.chance.below(24) {
            0 => self.flood_by_key(),
            1 | 2 => self.flood_of_events(),
            3..6 => self.change_type(),
            6 if self.customers[1].is_open() && self.chance.happens(300) => self.close(),
            7 if !self.is_calm => self.fill_disk(),
            8 if !self.is_calm => self.simulation.crash(minutes(2)),
            9..12 => self.race(),
            _ => {
                let most = self.chance.below(4);
                let number = 1 + most;
                let actions = (0..number).map(|_| self.somebody());
                let actions = actions.collect();
                self.act(actions);
            }
        }
        self.assert_quota();
        let pause = [seconds(0), seconds(1), minutes(1), minutes(7), hours(1)];
        self.simulation.run_for(pause[self.chance.below(pause.len())]);
    }

    fn somebody(&mut self) -> (usize, Action) {
        let customer = self.chance.below(self.customers.len());
        let action = self.draw(customer);
        (customer, action)
    }

    /// Does `actions` at once; those of closed customers are refused.
    fn act(&mut self, actions: Vec<(usize, Action)>) {
        let before: Vec<Vec<String>> = self.customers.iter().map(Customer::current).collect();
        let was_open: Vec<bool> = self.customers.iter().map(Customer::is_open).collect();
        let (mut calls, mut askers) = (Vec::new(), Vec::new());
        for (customer, action) in &actions {
            let call = self.call_for(*customer, action);
            let by = self.somebody_to_ask(*customer, action);
            let credential = by.as_ref().map(|by| &self.customers[*customer].credentials[by]);
            calls.push(match credential {
                Some(credential) => credential.make(call),
                None => call,
            });
            askers.push(by);
        }
        let sent_at = self.simulation.now();
        let answers = self.insist(&calls);
        let answered_at = self.simulation.now();
        let was_alone = actions.len() == 1;
        let done = actions.into_iter().zip(askers).zip(answers);
        let done: Vec<Done> = done
            .map(|(((customer, action), by), answer)| Done {
                customer,
                action,
                by,
                answer,
                sent_at,
                answered_at,
            })
            .collect();
        for done in &done {
            self.learn(done);
        }
        for done in &done {
            if self.is_of_account(done) && !was_open[done.customer] {
                let Done { action, answer, .. } = done;
                assert!(answer.status >= 400, "done for a closed account: {action:?}");
            }
            self.judge(done, &before[done.customer], was_alone);
        }
    }

    /// Returns whether `done` is refused once the account is closed: what operator tokens show is not.
    fn is_of_account(&self, done: &Done) -> bool {
        match &done.action {
            Action::MakeToken | Action::EndToken { .. } => false,
            Action::Use { id } => self.customers[done.customer].credentials[id].kind != Kind::Token,
            _ => true,
        }
    }

    /// Asks for one thing several times at once, of which at most one can be had.
    fn race(&mut self) {
        let customer = self.chance.below(self.customers.len());
        let of = &self.customers[customer];
        let (keys, current) = (of.keys(), of.current());
        let (key, hook) = (self.pick(&keys), self.pick(&current));
        let name = self.customers[customer].name.clone();
        let actions: Vec<Action> = match (self.chance.below(4), key, hook) {
            (0, Some(id), _) => vec![Action::RollKey { id }; 3],
            (1, _, Some(id)) => {
                vec![Action::Rotate { id: id.clone() }, Action::DeleteWebhook { id }]
            }
            (2, Some(id), _) => vec![Action::RollKey { id: id.clone() }, Action::ExpireKey { id }],
            _ => {
                (0..4).map(|number| Action::CreateWebhook { url: url(&name, number % 3) }).collect()
            }
        };
        self.act(actions.into_iter().map(|action| (customer, action)).collect());
    }

    /// Asks for many things at once: more events than usual of one customer, and one of another.
    fn flood_of_events(&mut self) {
        self.lived.floods += 1;
        let mut actions: Vec<(usize, Action)> =
            (0..6 + self.chance.below(6)).map(|_| (0, Action::Post { amount: 1 })).collect();
        actions.push((1, Action::Post { amount: 1 }));
        self.act(actions);
    }

    /// Makes more requests with a key than it may: what is beyond is refused, and nobody else is.
    fn flood_by_key(&mut self) {
        let keys: Vec<Option<String>> = (0..2).map(|number| self.good_key(number)).collect();
        let [Some(flooding), Some(quiet)] = &keys[..] else { return };
        // The allowance is whole again after a minute.
        self.simulation.run_for(minutes(1));
        if !(self.is_good(0, flooding) && self.is_good(1, quiet)) {
            return;
        }
        self.lived.floods += 1;
        let ask = |life: &Self, number: usize, id: &str| {
            Call::get("/v1/account").bearer(&life.customers[number].credentials[id].text)
        };
        let (many, one) = (ask(self, 0, flooding), ask(self, 1, quiet));
        self.calmly(|life| {
            let tickets: Vec<_> =
                (0..2 * RATE).map(|_| life.simulation.send(many.clone())).collect();
            let quiet = life.simulation.send(one);
            life.simulation.wait(&tickets);
            life.simulation.wait(std::slice::from_ref(&quiet));
            let answers = tickets.iter().filter_map(Ticket::answer);
            let admitted = answers.filter(|answer| answer.status == 200).count();
            assert!(admitted as u64 <= RATE, "{admitted} of {} requests a minute", 2 * RATE);
            let quiet = quiet.answer().unwrap();
            assert_eq!(quiet.status, 200, "another customer pays for it: {}", quiet.json());
        });
    }

    fn good_key(&mut self, customer: usize) -> Option<String> {
        let keys = self.customers[customer].keys();
        keys.into_iter().find(|id| self.is_good(customer, id))
    }

    fn is_good(&self, customer: usize, id: &str) -> bool {
        let soon = self.simulation.now().plus(minutes(3));
        let of = &self.customers[customer];
        of.is_open() && of.credentials[id].ends_at.is_none_or(|at| at > soon)
    }

    /// Registers or removes an event type, and posts an event that its schema decides on.
    fn change_type(&mut self) {
        let name = TYPES[self.chance.below(TYPES.len())];
        let most = [3, 7][self.chance.below(2)];
        let path = format!("/v1/event_types/{name}");
        let was_registered = self.types.contains_key(name);
        if was_registered {
            let status = self.insist(&[Call::delete(&path)])[0].status;
            assert!(matches!(status, 200 | 404), "{status}");
            self.learn_type(name, None);
            self.lived.recreated += 1;
        }
        if !was_registered || self.chance.happens(600) {
            let schema = json!({ "properties": { "amount": { "maximum": most } } });
            let put = Call::put(&path, &json!({ "schema": schema }));
            assert_eq!(self.insist(&[put])[0].status, 200);
            self.learn_type(name, Some(most));
        }
        let amount = self.chance.number() % 10;
        let customer = self.chance.below(self.customers.len());
        self.act(vec![(customer, Action::Post { amount })]);
    }

    fn learn_type(&mut self, name: &'static str, most: Option<u64>) {
        self.earlier_types.push((self.types.clone(), self.simulation.now()));
        match most {
            Some(most) => self.types.insert(name, most),
            None => self.types.remove(name),
        };
    }

    /// Closes the account of the second customer.
    fn close(&mut self) {
        self.act(vec![(1, Action::Close)]);
    }

    /// Acts while the disk is full, and a little longer.
    fn fill_disk(&mut self) {
        self.lived.full += 1;
        self.is_full = true;
        self.simulation.faults.set_full(true);
        let actions = (0..2).map(|_| self.somebody()).collect();
        self.act(actions);
        self.is_full = false;
        self.simulation.faults.set_full(false);
    }

    /// Asserts that no customer has more webhooks than the quota, or two with one URL.
    fn assert_quota(&mut self) {
        for number in 0..self.customers.len() {
            if !self.customers[number].is_open() {
                continue;
            }
            let rows = self.calmly(|life| life.list(number, "/v1/webhooks?environment=test"));
            assert!(rows.len() <= QUOTA, "{} webhooks", rows.len());
            let mut urls: Vec<_> = rows.iter().map(|row| row["webhook_url"].to_string()).collect();
            urls.sort_unstable();
            urls.dedup();
            assert_eq!(urls.len(), rows.len(), "two webhooks have one URL");
        }
    }
}
