//! Documents of states: each with the version of its stream.

use ports::{Store, store::Document};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Form, Number, Unreadable, folded, number::FIRST, read_older};
use crate::{
    problem::Problem,
    views::{Versioned, View},
};

/// State that has a document of its own, and is read from it.
pub trait StoredState: View<Form: Into<Self>> {}

impl<S: View<Form: Into<Self>>> StoredState for S {}

/// Document of a state: the number of its form, the version of its stream, and the state. The names
/// of these three never change.
#[derive(Serialize, Deserialize)]
#[serde(bound(serialize = "F: Form + Serialize", deserialize = "F: Form"))]
pub(crate) struct StateDocument<F> {
    format: Number<F>,
    version: u64,
    state: F,
}

impl<F> StateDocument<F> {
    /// Makes the document of `state` at `version`.
    pub(crate) fn of(version: u64, state: impl Into<F>) -> Self {
        Self { format: Number::default(), version, state: state.into() }
    }
}

/// Reads the state in `document`. One that has another form, or is damaged, is folded from its
/// stream; none if that says that there should be no such document.
///
/// # Errors
/// When the backend is unavailable, or neither the document nor the stream can be read.
pub async fn state<S: StoredState>(
    store: &dyn Store,
    document: &Document,
) -> Result<Option<Versioned<S>>, Problem> {
    match Versioned::read(document) {
        Ok(state) => Ok(Some(state)),
        Err(why) => Box::pin(folded(store, document, why)).await,
    }
}

/// State as read from its document.
pub(super) struct Read<F> {
    pub(super) version: u64,
    pub(super) state: F,
    /// True if the document has an older form.
    pub(super) outdated: bool,
}

/// Reads the document of a state as its form.
pub(super) fn read_state<F: Form>(body: &[u8]) -> Result<Read<F>, Unreadable> {
    match serde_json::from_slice(body) {
        Ok(StateDocument { version, state, .. }) => Ok(Read { version, state, outdated: false }),
        Err(why) => read_older_state(body, why),
    }
}

#[cold]
fn read_older_state<F: Form>(body: &[u8], why: serde_json::Error) -> Result<Read<F>, Unreadable> {
    #[derive(Deserialize)]
    struct Around<'a> {
        format: Option<u64>,
        version: u64,
        #[serde(borrow)]
        state: &'a RawValue,
    }
    let Ok(Around { format, version, state }) = serde_json::from_slice(body) else {
        return Err(Unreadable::Damaged { name: F::NAME, why });
    };
    let number = Some(format.unwrap_or(FIRST.into()));
    let state = read_older(number, state.get().as_bytes(), why)?;
    Ok(Read { version, state, outdated: true })
}

/// Version of a state's document.
pub(crate) struct StoredVersion {
    /// Number of events that the state is the fold of.
    pub(crate) version: u64,
    /// True if the document has another form than the present one.
    pub(crate) outdated: bool,
}

/// Reads the version of the document of an `S`, whatever its form.
///
/// # Errors
/// When the document is damaged.
pub(crate) fn version_of<S: View>(body: &[u8]) -> Result<StoredVersion, Unreadable> {
    #[derive(Deserialize)]
    struct Around {
        format: Option<u64>,
        version: u64,
    }
    let Around { format, version } = serde_json::from_slice(body)
        .map_err(|why| Unreadable::Damaged { name: S::Form::NAME, why })?;
    let outdated = format.unwrap_or(FIRST.into()) != u64::from(S::Form::NUMBER);
    Ok(StoredVersion { version, outdated })
}

impl<S: StoredState> Versioned<S> {
    /// Reads the state in `document`.
    ///
    /// # Errors
    /// When the document has a form that is not read, or is damaged.
    pub(crate) fn read(document: &Document) -> Result<Self, Unreadable> {
        let Read { version, state, outdated } = read_state::<S::Form>(&document.body)?;
        Ok(Self { version, state: state.into(), revision: document.revision, outdated })
    }
}
