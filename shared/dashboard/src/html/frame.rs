//! Frame around every page: navigation, heading and notice.

use std::{borrow::Cow, ops::Deref};

use super::Times;
use crate::{
    assets::{ASSETS, Assets},
    client::resources::{Account, FailingOwn, Terms},
    session::{Operator, Portal},
};

/// Section of the settings, for the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Keys,
    Webhooks,
    Logs,
    History,
}

/// Notice that confirms what a form just did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) text: Cow<'static, str>,
}

/// Values of the `done` parameter, and the notice for each. Text from the address itself is never
/// shown.
const NOTICES: &[(&str, &str)] = &[
    (
        "key-created",
        "Key created. Select the eye to see it, then store it where only your servers reach it.",
    ),
    ("key-expiry", "The key's expiry is set."),
    (
        "key-rolled",
        "Key rolled. This is the new one: select the eye to see it, and put it where the old one is.",
    ),
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
    ("session-ended", "Session ended. Whoever was signed in with it is signed out."),
    ("type-saved", "Event type saved."),
    ("type-removed", "Event type removed."),
];

impl Notice {
    /// Returns the notice for `done`, if it is one of the known values.
    pub(crate) fn of(done: &str) -> Option<Self> {
        NOTICES
            .iter()
            .find(|(name, _)| *name == done)
            .map(|(_, text)| Self { text: Cow::Borrowed(text) })
    }

    /// Returns the notice for a recovery of `count` deliveries.
    pub(crate) fn recovered(count: u64) -> Self {
        let (y, are) = if count == 1 { ("y", "is") } else { ("ies", "are") };
        Self { text: Cow::Owned(format!("{count} deliver{y} {are} queued again.")) }
    }

    /// First sentence, for the window's title.
    pub(crate) fn title(&self) -> &str {
        self.text.split_inclusive('.').next().unwrap_or_default()
    }
}

/// Frame of the pages of an account's settings.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    pub(crate) section: Section,
    pub(crate) account: &'a Account,
    /// Terms of the session: its person and capabilities.
    pub(crate) terms: &'a Terms,
    /// Webhooks that have failed for a while.
    pub(crate) alarms: Vec<&'a FailingOwn>,
    pub(crate) form_token: &'a str,
    pub(crate) notice: Option<Notice>,
    pub(crate) times: Times,
    pub(crate) assets: &'static Assets,
}

impl<'a> Frame<'a> {
    /// Creates the frame of a page for a portal session.
    pub(crate) fn new(portal: &'a Portal, section: Section, title: &'a str) -> Self {
        Self {
            title,
            section,
            account: &portal.account,
            terms: &portal.terms,
            alarms: portal.failing.iter().filter(|failing| failing.trouble.lasts()).collect(),
            form_token: portal.token.text(),
            notice: None,
            times: Times(portal.now),
            assets: &ASSETS,
        }
    }

    /// Adds the notice for what was `done`.
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

/// Section of the operator's pages, for the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperatorSection {
    Accounts,
    EventTypes,
    Health,
}

/// Frame of the operator's pages.
pub(crate) struct OperatorFrame<'a> {
    pub(crate) title: &'a str,
    pub(crate) section: OperatorSection,
    pub(crate) form_token: &'a str,
    pub(crate) notice: Option<Notice>,
    pub(crate) times: Times,
    pub(crate) assets: &'static Assets,
}

impl<'a> OperatorFrame<'a> {
    /// Creates the frame of a page for the operator.
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

    /// Adds the notice for what was `done`.
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
