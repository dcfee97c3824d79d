//! What stands around every page.

use std::ops::Deref;

use super::Times;
use crate::{
    assets::{ASSETS, Assets},
    client::resources::Account,
    session::{Operator, Portal},
};

/// Which part of the settings a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Keys,
    Webhooks,
    Logs,
    History,
}

/// What the reader is told of what was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: &'static str,
}

/// What a page is told in its address of what was just done, and the words for it. Nothing of the
/// address itself is ever shown.
const NOTICES: &[(&str, &str)] = &[
    (
        "key-created",
        "Key created. Select the eye to see it, then store it where only your servers reach it.",
    ),
    ("key-expiry", "The key's expiry is set."),
    ("key-rolled", "Key rolled. This is its successor: select the eye to see it."),
    ("webhook-created", "Webhook created. Verify its deliveries with the signing secret below."),
    ("webhook-saved", "Changes saved."),
    ("webhook-enabled", "Deliveries are on."),
    (
        "webhook-disabled",
        "Deliveries are off. What was pending is cancelled; you can recover it later.",
    ),
    ("webhook-rotated", "Signing secret rotated. Both secrets sign until the overlap ends."),
    ("webhook-rotated-now", "Signing secret rotated. The one before it no longer signs."),
    ("webhook-deleted", "Webhook deleted. Its logs stay."),
    ("resent", "One more attempt is on its way."),
    ("ping", "Test event sent. Its attempts appear here."),
    ("account-created", "Account opened."),
    ("account-saved", "Changes saved."),
    ("account-closed", "Account closed. Its keys stopped working and its secrets are destroyed."),
    ("type-saved", "Event type saved."),
    ("type-removed", "Event type removed."),
];

impl Notice {
    /// The words for `done`, if it is known.
    pub(crate) fn of(done: &str) -> Option<Self> {
        NOTICES.iter().find(|(name, _)| *name == done).map(|(_, text)| Self { text })
    }
}

/// What stands around every page of an account's settings.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) section: Section,
    pub(crate) account: &'a Account,
    pub(crate) form_token: &'a str,
    pub(crate) notice: Option<Notice>,
    pub(crate) times: Times,
    pub(crate) assets: &'static Assets,
}

impl<'a> Frame<'a> {
    /// The frame of a page that `portal` asked for.
    pub(crate) fn new(portal: &'a Portal, section: Section, title: &'a str) -> Self {
        Self {
            title,
            section,
            account: &portal.account,
            form_token: portal.token.text(),
            notice: None,
            times: Times(portal.now),
            assets: &ASSETS,
        }
    }

    /// The same, telling of what was `done`.
    pub(crate) fn after(mut self, done: &str) -> Self {
        self.notice = Notice::of(done);
        self
    }
}

impl Deref for Frame<'_> {
    type Target = Times;

    fn deref(&self) -> &Times {
        &self.times
    }
}

/// Which part of the operator's side a page is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperatorSection {
    Accounts,
    EventTypes,
    Health,
}

/// What stands around every page of the operator's.
pub(crate) struct OperatorFrame<'a> {
    pub(crate) title: &'a str,
    pub(crate) section: OperatorSection,
    pub(crate) form_token: &'a str,
    pub(crate) notice: Option<Notice>,
    pub(crate) times: Times,
    pub(crate) assets: &'static Assets,
}

impl<'a> OperatorFrame<'a> {
    /// The frame of a page that the operator asked for.
    pub(crate) fn new(operator: &'a Operator, section: OperatorSection, title: &'a str) -> Self {
        Self {
            title,
            section,
            form_token: operator.token.text(),
            notice: None,
            times: Times(operator.now),
            assets: &ASSETS,
        }
    }

    /// The same, telling of what was `done`.
    pub(crate) fn after(mut self, done: &str) -> Self {
        self.notice = Notice::of(done);
        self
    }
}

impl Deref for OperatorFrame<'_> {
    type Target = Times;

    fn deref(&self) -> &Times {
        &self.times
    }
}
