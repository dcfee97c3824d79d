//! Change and deletion of webhooks.

use domain::{
    Secret,
    id::{AccountId, WebhookId},
    limits::OwnRate,
    webhook::{self, Command, Endpoint, Filter, Headers, Subscription, Webhook},
};
use ports::store::{Condition, Write};

use super::{
    endpoint::{self, FIRST, NewUrl, taken},
    find::find,
    headers::{self, SentHeaders},
};
use crate::{
    auth::Access,
    problem::{Code, Problem},
    resources::event_types::check_subscriptions,
    secrets::Secrets,
    views::{View as _, collections},
    work::{Answered, Reply, Work, no_refusal},
};

/// Change of a webhook; what is none stays as it is.
#[expect(clippy::option_option, reason = "absent and none differ")]
pub(crate) struct Change {
    /// URL as it was sent: it can have credentials.
    pub(crate) url: Option<Secret>,
    /// True to put the whole related object into the payload.
    pub(crate) include_object: Option<bool>,
    /// Subscribed event types.
    pub(crate) event_types: Option<Vec<Subscription>>,
    /// Description for people; some none removes it.
    pub(crate) description: Option<Option<String>>,
    /// Pattern of the events that it receives; some none removes it.
    pub(crate) filter: Option<Option<Filter>>,
    /// Headers of its own; some none removes them.
    pub(crate) headers: Option<Option<SentHeaders>>,
    /// Rate of attempts; some none removes it.
    pub(crate) rate_limit: Option<Option<OwnRate>>,
    /// True to enable it, false to disable it.
    pub(crate) enabled: Option<bool>,
}

#[expect(clippy::option_option, reason = "absent and none differ")]
impl Change {
    fn with(
        &self,
        endpoint: Option<Endpoint>,
        headers: Option<Option<Headers>>,
    ) -> webhook::Change {
        webhook::Change {
            endpoint,
            include_object: self.include_object,
            event_types: self.event_types.clone(),
            description: self.description.clone(),
            filter: self.filter.clone(),
            headers,
            rate_limit: self.rate_limit,
            enabled: self.enabled,
        }
    }
}

impl Change {
    /// Returns the change of the headers of `webhook`, whose values are kept under `number`; none if all
    /// of them stay as they are.
    async fn headers(
        &self,
        work: &Work,
        webhook: &Webhook,
        number: u32,
        secrets: &mut Secrets,
    ) -> Result<Option<Option<Headers>>, Problem> {
        let Some(sent) = &self.headers else { return Ok(None) };
        let present = headers::present(&work.backend, webhook).await?;
        let values = sent.as_ref().map(|sent| sent.values(&work.backend, &present));
        let values = values.transpose()?.unwrap_or_default();
        if values == present {
            return Ok(None);
        }
        Ok(Some(headers::keep(secrets, (webhook.account, webhook.id), &values, number)))
    }
}

/// Changes the webhook `id`.
pub(crate) async fn update(
    work: &Work,
    access: &Access,
    id: WebhookId,
    change: Change,
    answer: impl Fn(Webhook) -> Reply,
) -> Answered {
    let environment = find(work, access, id).await?.state.environment;
    if let Some(event_types) = &change.event_types {
        check_subscriptions(&work.backend, access.id(), event_types).await?;
    }
    let url = match &change.url {
        None => None,
        Some(url) => {
            Some(NewUrl::read(&work.backend, access.id(), url.expose(), environment).await?)
        }
    };
    let (change, url, answer) = (&change, &url, &answer);
    work.run(|work| async move {
        let webhook = find(&work, access, id).await?;
        let number = number_of_next(webhook.version);
        let target = match url {
            None => None,
            Some(url) => url.target(&webhook.state)?,
        };
        let endpoint = target.map(|target| target.endpoint_of(&webhook.state, number));
        let mut secrets = Secrets::of(&webhook);
        let headers = change.headers(&work, &webhook.state, number, &mut secrets).await?;
        let command = Command::Update(change.with(endpoint, headers));
        let mut changed = work.change(Some(webhook), command)?;
        let before = &changed.before.as_ref().ok_or(Code::NotFound)?.state;
        let after = &changed.after.state;
        if let Some(target) = target.filter(|_| after.endpoint != before.endpoint) {
            target.keep(&mut secrets, access.id(), id, number);
            changed.commit.add(target.free(access.id(), environment));
            endpoint::let_go(&mut secrets, before);
        }
        if after.headers != before.headers {
            headers::let_go(&mut secrets, before);
        }
        let is_back = after.is_enabled() && !before.is_enabled();
        if is_back || after.endpoint != before.endpoint {
            changed.commit.writes.push(healthy(access.id(), id));
        }
        let reply = answer(changed.after.state);
        work.commit_with(changed.commit, secrets, &reply, taken).await.map(|()| reply)
    })
    .await
}

/// Returns the number in the vault for a URL with credentials, or for headers, set at `version` of their
/// webhook. No earlier ones had it, forgotten ones included.
fn number_of_next(version: u64) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX).saturating_add(FIRST)
}

/// Deletes the webhook `id` and its secrets.
pub(crate) async fn delete(
    work: &Work,
    access: &Access,
    id: WebhookId,
    answer: impl Fn(Webhook) -> Reply,
) -> Answered {
    let answer = &answer;
    work.run(|work| async move {
        let webhook = find(&work, access, id).await?;
        let mut secrets = Secrets::default();
        webhook.state.secrets().into_iter().for_each(|name| secrets.let_go(name));
        let mut change = work.change(Some(webhook), Command::Delete)?;
        change.commit.writes.push(healthy(access.id(), id));
        let reply = answer(change.after.state);
        work.commit_with(change.commit, secrets, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Returns the write that removes the record of failing deliveries.
fn healthy(account: AccountId, id: WebhookId) -> Write {
    Write::Delete { key: collections::webhook_health(account, id), condition: Condition::None }
}
