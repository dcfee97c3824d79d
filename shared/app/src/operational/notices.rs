//! Notices that follow from the events of a commit alone.

use domain::{
    Jurisdictions, OperationalEvent, Timestamp, account::Account, key::ApiKey, webhook::Webhook,
};
use ports::{
    Commit,
    store::{Document, StreamId, Write},
};

use super::Notice;
use crate::{
    documents::StoredState,
    problem::Problem,
    resources::{accounts, api_keys, webhooks},
    views::{Versioned, collections},
};

/// Returns what the operator is told of `commit`, which is made at `now`.
pub(super) fn notices(
    commit: &Commit,
    among: &Jurisdictions,
    now: Timestamp,
) -> Result<Vec<Notice>, Problem> {
    let mut notices = Vec::new();
    for append in &commit.appends {
        for event in &append.events {
            let Some(event_type) = told_of(&event.name.name) else { continue };
            notices.extend(notice(commit, append.stream, event_type, among, now)?);
        }
    }
    Ok(notices)
}

/// Returns the operational event that an event of that name is told as; none if it is not.
fn told_of(name: &str) -> Option<OperationalEvent> {
    Some(match name {
        "account.opened" => OperationalEvent::AccountCreated,
        "account.credentialed" => OperationalEvent::AccountCredentialed,
        "account.closed" => OperationalEvent::AccountClosed,
        "api_key.created" => OperationalEvent::ApiKeyCreated,
        "webhook.disabled" => OperationalEvent::WebhookDisabled,
        _ => return None,
    })
}

fn notice(
    commit: &Commit,
    stream: StreamId,
    event_type: OperationalEvent,
    among: &Jurisdictions,
    now: Timestamp,
) -> Result<Option<Notice>, Problem> {
    let notice = match stream {
        StreamId::Account(id) => put_in::<Account>(commit, stream)?
            .map(|account| Notice::of(event_type, id, &accounts::Resource::from(account))),
        StreamId::Key(account, _) => put_in::<ApiKey>(commit, stream)?
            .map(|key| Notice::of(event_type, account, &api_keys::Resource::told(key, now))),
        StreamId::Webhook(account, _) => put_in::<Webhook>(commit, stream)?.map(|webhook| {
            Notice::of(event_type, account, &webhooks::Resource::of(webhook, among))
        }),
        _ => None,
    };
    notice.transpose()
}

/// Returns the state of `stream` that `commit` puts.
fn put_in<S: StoredState>(commit: &Commit, stream: StreamId) -> Result<Option<S>, Problem> {
    for write in &commit.writes {
        if let Write::Put { key, body, .. } = write
            && collections::stream_of(key) == Some(stream)
        {
            let (key, body) = (key.clone(), body.clone());
            let document = Document { key, revision: 0, expires_at: None, body };
            return Ok(Some(Versioned::<S>::read(&document)?.state));
        }
    }
    Ok(None)
}
