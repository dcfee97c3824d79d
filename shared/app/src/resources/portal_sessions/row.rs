//! Documents of portal sessions: what each is, and the places that the open ones take.

use domain::{
    Timestamp,
    id::{AccountId, PortalSessionId},
};
use ports::{
    ReadError,
    store::{Condition, Key, Order, Person, Query, Range, Write},
};
use serde::{Deserialize, Serialize};

use crate::{
    Backend,
    auth::Capabilities,
    documents::{Form, Number, Stored, read},
    problem::Problem,
    views::{collections, to_body},
};

/// Portal session, until it expires.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(super) format: Number<Self>,
    /// Identifier of the session.
    pub(crate) id: PortalSessionId,
    /// Account whose settings it shows.
    pub(crate) account: AccountId,
    /// Time of opening.
    pub(crate) created_at: Timestamp,
    /// Time at which it ends by itself.
    pub(crate) expires_at: Timestamp,
    /// Time at which it was ended.
    pub(crate) ended_at: Option<Timestamp>,
    /// Fingerprints of its tokens and its sign-in code: with their documents its end destroys them.
    pub(super) tokens: Vec<String>,
    /// Place that it takes while it is open.
    pub(super) place: u32,
    #[serde(flatten)]
    pub(crate) terms: Terms,
}

/// Terms of a portal session: who is there, what they may do, and where they go back to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// Person of the customer's.
    pub(crate) actor: Option<Person>,
    /// Capabilities of the session.
    pub(crate) capabilities: Capabilities,
    /// Address at the operator's own site.
    pub(crate) return_url: Option<String>,
}

impl Form for Session {
    const NAME: &'static str = "portal_session";
    const NUMBER: u16 = 2;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number == 1).then(|| serde_json::from_slice::<Session1>(body).map(Self::from))
    }
}

/// Form 1 of a portal session, from before it had terms.
#[derive(Deserialize)]
struct Session1 {
    id: PortalSessionId,
    account: AccountId,
    created_at: Timestamp,
    expires_at: Timestamp,
    ended_at: Option<Timestamp>,
    tokens: Vec<String>,
    place: u32,
}

impl From<Session1> for Session {
    fn from(old: Session1) -> Self {
        let Session1 { id, account, created_at, expires_at, ended_at, tokens, place } = old;
        let format = Number::default();
        let capabilities = Capabilities::default();
        let terms = Terms { actor: None, capabilities, return_url: None };
        Self { format, id, account, created_at, expires_at, ended_at, tokens, place, terms }
    }
}

impl Stored for Session {
    type Form = Self;
}

/// Portal session as it was read.
pub(super) struct Found {
    pub(super) session: Session,
    revision: u64,
}

impl Session {
    /// Returns the writes that keep a new session, in its place.
    pub(super) fn opened(&self) -> [Write; 2] {
        let place = Write::Put {
            key: place(self.account, self.place),
            body: to_body(&serde_json::json!({ "session": self.id })),
            expires_at: Some(self.expires_at),
            index: vec![],
            condition: Condition::Absent,
        };
        [self.put(Condition::Absent), place]
    }

    fn put(&self, condition: Condition) -> Write {
        Write::Put {
            key: collections::portal_sessions(self.account).key(self.id),
            body: to_body(self),
            expires_at: Some(self.expires_at),
            index: vec![],
            condition,
        }
    }
}

impl Found {
    /// Returns the write that puts another token in the place of one.
    pub(super) fn with_token(&self, old: &str, new: String) -> Write {
        let mut session = self.session.clone();
        session.tokens.retain(|known| known != old);
        session.tokens.push(new);
        session.put(Condition::Revision(self.revision))
    }

    /// Returns the session that has ended at `now`, and the writes that end it.
    pub(super) fn ended(&self, now: Timestamp) -> (Session, Vec<Write>) {
        let ended = Session { ended_at: Some(now), tokens: vec![], ..self.session.clone() };
        let tokens = self.session.tokens.iter().map(|token| collections::portal_token(token));
        let gone = tokens.chain([place(ended.account, ended.place)]);
        let gone = gone.map(|key| Write::Delete { key, condition: Condition::None });
        let kept = ended.put(Condition::Revision(self.revision));
        let writes = gone.chain([kept]).collect();
        (ended, writes)
    }
}

/// Finds the session `id` of `account`.
pub(super) async fn find(
    backend: &Backend,
    account: AccountId,
    id: PortalSessionId,
) -> Result<Option<Found>, Problem> {
    let found = backend.store.get(&[collections::portal_sessions(account).key(id)]).await?;
    let Some(document) = found.into_iter().flatten().next() else { return Ok(None) };
    Ok(Some(Found { session: read(&document.body)?, revision: document.revision }))
}

/// Returns a free one of the `quota` places of an account. It is drawn, so that sessions that are
/// opened at once seldom want the same.
pub(super) async fn free_place(
    backend: &Backend,
    account: AccountId,
    quota: u32,
) -> Result<Option<u32>, ReadError> {
    let query = Query {
        partition: collections::portal_session_places(account),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: usize::MAX,
    };
    let taken = backend.store.query(&query).await?;
    let is_taken = |number: u32| taken.iter().any(|row| row.sort == sort(number));
    let free: Vec<u32> = (0..quota).filter(|number| !is_taken(*number)).collect();
    // A quota that was lowered may leave places beyond it taken.
    if free.is_empty() || taken.len() >= quota as usize {
        return Ok(None);
    }
    let drawn = u32::from_le_bytes(backend.random()) as usize;
    Ok(Some(free[drawn % free.len()]))
}

fn place(account: AccountId, number: u32) -> Key {
    collections::portal_session_places(account).key(sort(number))
}

fn sort(number: u32) -> String {
    format!("{number:04}")
}
