//! Creation of webhooks.

use domain::{
    Environment, Jurisdiction, Secret,
    id::AccountId,
    limits::OwnRate,
    signing::{Signing, SigningKey, SigningSecret},
    webhook::{Command, Created, Filter, Rejection, Subscription, Webhook},
};
use ports::{Commit, store::Write};

use super::{
    endpoint::{FIRST, Target, taken},
    headers::{self, SentHeaders},
    secrets::{name, showing},
};
use crate::{
    Backend,
    auth::Access,
    problem::{Code, Problem},
    resources::event_types::check_subscriptions,
    secrets::{HeaderValues, Secrets},
    work::{Answered, Reply, Work},
};

/// Webhook that is asked for.
pub(crate) struct NewWebhook {
    /// URL as it was sent: it can have credentials.
    pub(crate) url: Secret,
    /// Environment; that of the caller's key if none.
    pub(crate) environment: Option<Environment>,
    /// Jurisdiction of the events that it receives.
    pub(crate) jurisdiction: Jurisdiction,
    /// True to put the whole related object into the payload.
    pub(crate) include_object: bool,
    /// Subscribed event types.
    pub(crate) event_types: Vec<Subscription>,
    /// Description for people.
    pub(crate) description: Option<String>,
    /// Pattern of the events that it receives.
    pub(crate) filter: Option<Filter>,
    /// Headers of its own.
    pub(crate) headers: Option<SentHeaders>,
    /// Rate of attempts.
    pub(crate) rate_limit: Option<OwnRate>,
    /// Kind of its signatures.
    pub(crate) signing: Signing,
    /// Signing secret that its receiver has already; a new one if none.
    pub(crate) signing_secret: Option<SigningSecret>,
}

/// Webhook that can be created: its subscriptions, URL and headers are good.
pub(crate) struct Vetted {
    new: NewWebhook,
    environment: Environment,
    target: Target,
    values: HeaderValues,
}

impl NewWebhook {
    /// Checks it for `account`, of which nothing is read.
    pub(crate) async fn vetted(
        self,
        backend: &Backend,
        account: AccountId,
        environment: Environment,
    ) -> Result<Vetted, Problem> {
        check_subscriptions(backend, account, &self.event_types).await?;
        let target = Target::vetted(backend, account, self.url.expose(), environment).await?;
        let sent = self.headers.as_ref();
        let values = sent.map(|sent| sent.values(backend, &HeaderValues::default()));
        let values = values.transpose()?.unwrap_or_default();
        if let Some(headers) = headers::named(&values, FIRST) {
            headers.fit(&target.endpoint(FIRST))?;
        }
        Ok(Vetted { new: self, environment, target, values })
    }
}

/// Creates a webhook, and answers with it and what its receiver verifies by.
pub(crate) async fn create(
    work: &Work,
    access: &Access,
    vetted: Vetted,
    answer: impl Fn(Webhook, Secret) -> Reply,
) -> Answered {
    let Vetted { new, environment, target, values } = vetted;
    let key = match &new.signing_secret {
        Some(secret) => SigningKey::Hmac(secret.clone()),
        None => SigningKey::from_entropy(new.signing, work.backend.random()),
    };
    let (new, target, key, values, answer) = (&new, &target, &key, &values, &answer);
    work.run(|work| async move {
        let id = work.backend.new_id(work.now);
        let mut secrets = Secrets::default();
        let created = Created {
            id,
            account: access.id(),
            environment,
            jurisdiction: new.jurisdiction,
            endpoint: target.endpoint(FIRST),
            include_object: new.include_object,
            event_types: new.event_types.clone(),
            description: new.description.clone(),
            filter: new.filter.clone(),
            headers: headers::keep(&mut secrets, (access.id(), id), values, FIRST),
            rate_limit: new.rate_limit,
            secret: FIRST,
            public_key: key.public(),
        };
        let account = work.account()?;
        let credentialed = account.state.is_credentialed();
        let command = Command::Create { webhook: created, credentialed };
        let mut change = work.change::<Webhook>(None, command)?;
        // Ahead of the quota: of two reasons the URL's is told, whatever pepper it is under.
        change.commit.writes.splice(0..0, target.free(access.id(), environment));
        limit(&mut change.commit, u64::from(account.state.webhook_quota));
        secrets.keep(name(access.id(), id, FIRST), key.text());
        target.keep(&mut secrets, access.id(), id, FIRST);
        let reply = answer(change.after.state, key.for_receiver());
        let reply = showing(reply, key, (environment, id, FIRST));
        work.commit_with(change.commit, secrets, &reply, taken).await.map(|()| reply)
    })
    .await
}

/// Adds the precondition that the count of webhooks stays within `quota`, to guard against
/// concurrent creation.
fn limit(commit: &mut Commit, quota: u64) {
    for write in &mut commit.writes {
        if let Write::Count { by: 1, at_most, .. } = write {
            *at_most = Some(quota);
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyCreated => Code::Conflict.into(),
            Rejection::NotCredentialed => Code::AccountNotCredentialed.into(),
            Rejection::SecondAuthorization | Rejection::HeadersToSns => {
                let sentence = format!("headers can't be used: {rejection}.");
                Code::InvalidField.of("headers").saying(sentence)
            }
            Rejection::TooManySecrets | Rejection::NoEarlierSecret => {
                Self::from(Code::Conflict).saying(rejection.to_string())
            }
        }
    }
}
