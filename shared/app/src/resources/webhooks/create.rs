//! Creation of webhooks.

use domain::{
    Environment, Jurisdiction, Secret,
    webhook::{Command, Created, Rejection, Subscription, Webhook},
};
use ports::{Commit, store::Write};

use super::{
    endpoint::{FIRST, Target, taken},
    secrets::{NewSecret, name},
};
use crate::{
    auth::Access,
    documents::Shows,
    problem::{Code, Problem},
    resources::event_types::check_subscriptions,
    secrets::Secrets,
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
}

/// Creates a webhook, and answers with it and its signing secret.
pub(crate) async fn create(
    work: &Work,
    access: &Access,
    new: NewWebhook,
    answer: impl Fn(Webhook, Secret) -> Reply,
) -> Answered {
    let environment = access.one_environment(new.environment)?;
    check_subscriptions(&work.backend, &new.event_types).await?;
    let target = Target::vetted(&work.backend, access.id(), new.url.expose(), environment).await?;
    let secret = NewSecret::generate(&work.backend);
    let (new, target, secret, answer) = (&new, &target, &secret, &answer);
    work.run(|work| async move {
        let id = work.backend.new_id(work.now);
        let created = Created {
            id,
            account: access.id(),
            environment,
            jurisdiction: new.jurisdiction,
            endpoint: target.endpoint(FIRST),
            include_object: new.include_object,
            event_types: new.event_types.clone(),
            description: new.description.clone(),
            secret: FIRST,
        };
        let account = work.account()?;
        let credentialed = account.state.is_credentialed();
        let command = Command::Create { webhook: created, credentialed };
        let mut change = work.change::<Webhook>(None, command)?;
        // Ahead of the quota: of two reasons the URL's is told, whatever pepper it is under.
        change.commit.writes.splice(0..0, target.free(access.id(), environment));
        limit(&mut change.commit, u64::from(account.state.webhook_quota));
        let mut secrets = Secrets::default();
        secrets.keep(name(access.id(), id, FIRST), secret.text());
        target.keep(&mut secrets, access.id(), id, FIRST);
        let shows = Shows::SigningSecret { environment, webhook: id, number: FIRST };
        let reply = answer(change.after.state, secret.text()).showing_kept(shows, &secret.text());
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
            Rejection::TooManySecrets => Self::from(Code::Conflict).saying(rejection.to_string()),
        }
    }
}
