//! Ends of keys: expire, roll.

use domain::{
    Decider as _,
    id::KeyId,
    key::{ApiKey, Command, Rejection},
};
use http::StatusCode;
use ports::Commit;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Resource, find, new::New, shown};
use crate::{
    auth::account_stands,
    http::{
        answer::Answered,
        extract::{PathId, Posted, SettingsCaller},
        fields::{Time, given},
    },
    problem::Code,
    work::{Reply, no_refusal},
};

/// Time at which a key is to stop working.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"expires_at": "2099-01-31T09:30:00.000Z"}))]
pub(crate) struct ExpireApiKey {
    /// Time of expiry. Absent: now. `null`: never.
    #[expect(clippy::option_option, reason = "absent and null differ")]
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Time>>,
}

/// Expire an API key
#[utoipa::path(post, path = "/v1/api_keys/{id}/expire", tag = "API keys", params(("id" = String, Path)),
    request_body = ExpireApiKey,
    responses((status = 200, description = "The key", body = Resource)))]
pub(super) async fn expire(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Posted(input, work): Posted<ExpireApiKey>,
) -> Answered {
    access.writable()?;
    let at = input.expires_at.map_or(Some(work.now), |given| given.map(|at| at.0));
    if at.is_some_and(|at| at < work.now) {
        return Err(Rejection::InThePast.into());
    }
    work.run(|| async {
        let key = find(&work, &access, id).await?;
        let events = ApiKey::decide(Some(&key.state), Command::Expire { at }, work.now)?;
        let mut commit = Commit::default();
        let after = work.record(&mut commit, Some(&key), events).ok_or(Code::NotFound)?;
        let reply = Reply::ok(&shown(&work.backend, after.state, work.now).await?);
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Roll an API key
#[utoipa::path(post, path = "/v1/api_keys/{id}/roll", tag = "API keys", params(("id" = String, Path)),
    request_body = ExpireApiKey,
    responses((status = 201, description = "The successor, whole", body = Resource)))]
pub(super) async fn roll(
    SettingsCaller(access): SettingsCaller,
    PathId(id): PathId<KeyId>,
    Posted(input, work): Posted<ExpireApiKey>,
) -> Answered {
    access.writable()?;
    let at = input.expires_at.map_or(Some(work.now), |given| given.map(|at| at.0));
    let old = find(&work, &access, id).await?.state;
    let new = New::mint(&work, access.id(), old.key_type, old.environment).await?;
    let created = new.created(old.name, None);
    work.run(|| async {
        let account = access.current(&work.backend).await?;
        let old = find(&work, &access, id).await?;
        let rolled = Command::Roll { successor: new.id, at };
        let rolled = ApiKey::decide(Some(&old.state), rolled, work.now)?;
        let credentialed = account.state.is_credentialed();
        let create = Command::Create { key: created.clone(), credentialed };
        let create = ApiKey::decide(None, create, work.now)?;
        let mut commit = Commit { writes: vec![account_stands(&account)], ..Commit::default() };
        let _ = work.record(&mut commit, Some(&old), rolled);
        let key = work.record::<ApiKey>(&mut commit, None, create).ok_or(Code::NotFound)?;
        new.keep(&work, &mut commit).await?;
        let reply = Reply::new(
            StatusCode::CREATED,
            &Resource::new(key.state, work.now, None, Some(&new.text)),
        );
        work.commit(commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}
