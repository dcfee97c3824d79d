//! States folded from their streams.

use domain::id::{AccountId, KeyId, OperatorTokenId};
use ports::{
    Chain, Store,
    store::{Collection, Document, StreamId},
};
use serde::Deserialize;

use super::Unreadable;
use crate::{
    fold,
    problem::Problem,
    views::{Versioned, View, collections},
};

/// Returns the state that `document` is derived from, folded from its stream, because the document
/// can't be read: `why`. None if that state has no such document.
///
/// # Errors
/// `why`, if the stream can't be told or is empty; when the backend is unavailable, or an event
/// can't be read.
pub(crate) async fn folded<S: View>(
    store: &dyn Store,
    document: &Document,
    why: Unreadable,
) -> Result<Option<Versioned<S>>, Problem> {
    let Some(stream) = stream_of(document) else { return Err(why.into()) };
    tracing::debug!(%stream, error = %Chain(&why), "a document can't be read; its stream is folded");
    let Some(state) = fold::folded::<S>(store, stream).await? else { return Err(why.into()) };
    if !state.state.derive(state.version).documents.contains_key(&document.key) {
        return Ok(None);
    }
    Ok(Some(Versioned { revision: document.revision, outdated: true, ..state }))
}

/// Returns the stream that a document is derived from.
fn stream_of(document: &Document) -> Option<StreamId> {
    let is_in = |collection: Collection| document.key.partition.collection() == collection.0;
    if is_in(collections::API_KEY_LOOKUPS) {
        key_of(&document.body)
    } else if is_in(collections::OPERATOR_TOKEN_LOOKUPS) {
        operator_token_of(&document.body)
    } else {
        collections::stream_of(&document.key)
    }
}

/// Returns the stream of the API key in the document under its fingerprint.
fn key_of(body: &[u8]) -> Option<StreamId> {
    #[derive(Deserialize)]
    struct Key {
        id: KeyId,
        account: AccountId,
    }
    let Key { id, account } = serde_json::from_slice(body).ok()?;
    Some(StreamId::Key(account, id))
}

/// Returns the stream of the operator token in the document under its fingerprint.
fn operator_token_of(body: &[u8]) -> Option<StreamId> {
    #[derive(Deserialize)]
    struct Found {
        state: Token,
    }
    #[derive(Deserialize)]
    struct Token {
        id: OperatorTokenId,
    }
    let Found { state } = serde_json::from_slice(body).ok()?;
    Some(StreamId::OperatorToken(state.id))
}
