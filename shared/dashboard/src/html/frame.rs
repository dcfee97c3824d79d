//! Frame around every page: navigation, heading and notice.

use std::{borrow::Cow, ops::Deref};

use domain::Jurisdiction;

use super::Times;
use crate::{
    assets::{ASSETS, Assets},
    brand::Brand,
    client::resources::{Account, FailingOwn, OperatorMay, Terms},
    session::{Operator, Portal},
    words::Words,
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
pub(crate) struct Notice<'a> {
    pub(crate) text: Cow<'a, str>,
}

impl<'a> Notice<'a> {
    /// Returns the notice for `done`, if it is one of the known values. Text from the address itself
    /// is never shown.
    pub(crate) fn of(done: &str, say: &'a Words) -> Option<Self> {
        let say = &say.notices;
        let text = match done {
            "key-created" => say.key_created(),
            "key-expiry" => say.key_expiry(),
            "key-limits" => say.key_limits(),
            "key-rolled" => say.key_rolled(),
            "webhook-created" => say.webhook_created(),
            "webhook-saved" => say.webhook_saved(),
            "webhook-enabled" => say.webhook_enabled(),
            "webhook-disabled" => say.webhook_disabled(),
            "webhook-rotated" => say.webhook_rotated(),
            "webhook-rotated-now" => say.webhook_rotated_now(),
            "key-restored" => say.key_restored(),
            "webhook-overlap-ended" => say.webhook_overlap_ended(),
            "webhook-secret-restored" => say.webhook_secret_restored(),
            "webhook-deleted" => say.webhook_deleted(),
            "resent" => say.resent(),
            "advanced" => say.advanced(),
            "ping" => say.ping(),
            "account-created" => say.account_created(),
            "account-saved" => say.account_saved(),
            "account-closed" => say.account_closed(),
            "session-ended" => say.session_ended(),
            "type-saved" => say.type_saved(),
            "type-removed" => say.type_removed(),
            "event-erased" => say.event_erased(),
            "token-ended" => say.token_ended(),
            _ => return None,
        };
        Some(Self { text })
    }

    /// Returns the notice for a recovery of `count` deliveries.
    pub(crate) fn recovered(count: u64, say: &'a Words) -> Self {
        let say = &say.notices;
        let text = match count {
            0 => say.recovered_none(),
            1 => say.recovered_one(),
            _ => say.recovered(count),
        };
        Self { text }
    }

    /// Returns the notice for `sent` deliveries that are tried once more, and `left` that are not.
    pub(crate) fn again(sent: u64, left: u64, say: &'a Words) -> Self {
        let say = &say.notices;
        let text = if sent == 1 { say.again_one() } else { say.again(sent) };
        if left == 0 {
            return Self { text };
        }
        Self { text: Cow::Owned(format!("{text} {}", say.left_out(left))) }
    }

    /// First sentence, for the window's title.
    pub(crate) fn title(&self) -> &str {
        self.text.split_inclusive('.').next().unwrap_or_default()
    }
}

/// Frame of the pages of an account's settings.
pub(crate) struct Frame<'a> {
    pub(crate) title: Cow<'a, str>,
    pub(crate) section: Section,
    pub(crate) account: &'a Account,
    /// Terms of the session: its person and capabilities.
    pub(crate) terms: &'a Terms,
    /// Jurisdictions to choose from, each with its name.
    pub(crate) jurisdictions: &'a [(Jurisdiction, String)],
    /// Webhooks that have failed for a while.
    pub(crate) alarms: Vec<&'a FailingOwn>,
    /// True if the page has no header, because it stands in a frame.
    pub(crate) is_bare: bool,
    pub(crate) form_token: &'a str,
    pub(crate) notice: Option<Notice<'a>>,
    pub(crate) brand: &'a Brand,
    pub(crate) say: &'a Words,
    pub(crate) times: Times<'a>,
    pub(crate) assets: &'static Assets,
}

impl<'a> Frame<'a> {
    /// Creates the frame of a page for a portal session.
    pub(crate) fn new(
        portal: &'a Portal,
        section: Section,
        title: impl Into<Cow<'a, str>>,
    ) -> Self {
        Self {
            title: title.into(),
            section,
            account: &portal.account,
            terms: &portal.terms,
            alarms: portal.failing.iter().filter(|failing| failing.trouble.lasts()).collect(),
            form_token: portal.token.text(),
            notice: None,
            jurisdictions: portal.page.0.options.jurisdictions.choices(),
            is_bare: portal.is_bare,
            brand: portal.page.brand(),
            say: portal.say(),
            times: portal.times(),
            assets: &ASSETS,
        }
    }

    /// Adds the notice for what was `done`.
    pub(crate) fn after(mut self, done: &str) -> Self {
        self.notice = Notice::of(done, self.say);
        self
    }

    /// Name of a jurisdiction; its code if it is none of those that there are now.
    pub(crate) fn jurisdiction<'c>(&self, code: &'c Jurisdiction) -> &'c str
    where
        'a: 'c,
    {
        let known = self.jurisdictions.iter().find(|(known, _)| known == code);
        known.map_or(code.as_str(), |(_, name)| name.as_str())
    }

    /// Returns whether there is anywhere to go from the page.
    pub(crate) fn has_menu(&self) -> bool {
        let brand = &self.brand.of;
        self.terms.pages() > 1 || brand.docs_url.is_some() || brand.support_url.is_some()
    }
}

impl<'a> Deref for Frame<'a> {
    type Target = Times<'a>;

    fn deref(&self) -> &Times<'a> {
        &self.times
    }
}

/// Section of the operator's pages, for the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperatorSection {
    Accounts,
    EventTypes,
    Health,
    Webhooks,
    Tokens,
}

/// Frame of the operator's pages.
pub(crate) struct OperatorFrame<'a> {
    pub(crate) title: Cow<'a, str>,
    pub(crate) section: OperatorSection,
    /// Scopes of the operator.
    pub(crate) may: &'a OperatorMay,
    pub(crate) form_token: &'a str,
    pub(crate) notice: Option<Notice<'a>>,
    pub(crate) brand: &'a Brand,
    pub(crate) say: &'a Words,
    pub(crate) times: Times<'a>,
    pub(crate) assets: &'static Assets,
}

impl<'a> OperatorFrame<'a> {
    /// Creates the frame of a page for the operator.
    pub(crate) fn new(
        operator: &'a Operator,
        section: OperatorSection,
        title: impl Into<Cow<'a, str>>,
    ) -> Self {
        Self {
            title: title.into(),
            section,
            may: &operator.may,
            form_token: operator.token.text(),
            notice: None,
            brand: operator.page.brand(),
            say: operator.page.say(),
            times: Times { now: operator.now, say: &operator.page.say().times },
            assets: &ASSETS,
        }
    }

    /// Adds the notice for what was `done`.
    pub(crate) fn after(mut self, done: &str) -> Self {
        self.notice = Notice::of(done, self.say);
        self
    }
}

impl<'a> Deref for OperatorFrame<'a> {
    type Target = Times<'a>;

    fn deref(&self) -> &Times<'a> {
        &self.times
    }
}
