//! Export of a backend to a file.

use std::{error::Error, io::Write};

use app::{moving, problem::Problem};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{Environment, Secret, id::AccountId};
use ports::{ReadError, Unavailable, store::StreamId, vault::VaultError};
use sealed::passphrase::{Cost, CostRefused, PassphraseKeys, SALT_LEN, Vouching};

use crate::{
    Ports,
    format::{End, Header, Line, Stream, Undelivered, VERSION},
};

/// Number of events replayed at a time.
const CHUNK: usize = 1_000;

/// Passphrase, cost, and content of the header.
#[derive(Debug)]
pub struct Sealing<'a> {
    /// Passphrase of the file.
    pub passphrase: &'a Secret,
    /// Cost of one guess at the passphrase.
    pub cost: Cost,
    /// Pepper of the backend's fingerprints.
    pub pepper: &'a Secret,
    /// Prefix of its API keys.
    pub key_prefix: &'a str,
}

/// Reason why a backend was not exported.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    /// The backend can't be read.
    #[error("the old backend failed")]
    Backend(#[source] Box<dyn Error + Send + Sync>),
    /// The file can't be written.
    #[error("writing the export")]
    File(#[from] std::io::Error),
    /// The number of written events differs from the number of events in the backend.
    #[error(
        "{written} events were written and there are {there}: either settings were changed \
         meanwhile, or the views lack something and `latchhook rebuild` mends them"
    )]
    Incomplete {
        /// Number of events written.
        written: u64,
        /// Number of events in the backend.
        there: u64,
    },
}

impl From<Problem> for NotExported {
    fn from(problem: Problem) -> Self {
        Self::Backend(problem.message.into())
    }
}

impl From<ReadError> for NotExported {
    fn from(why: ReadError) -> Self {
        Self::Backend(why.into())
    }
}

impl From<Unavailable> for NotExported {
    fn from(why: Unavailable) -> Self {
        Self::Backend(why.into())
    }
}

impl From<VaultError> for NotExported {
    fn from(why: VaultError) -> Self {
        Self::Backend(why.into())
    }
}

impl From<CostRefused> for NotExported {
    fn from(why: CostRefused) -> Self {
        Self::Backend(why.into())
    }
}

/// Writes the backend `backend` to `to`, a stream or an undelivered event at a time, and returns what
/// was written.
///
/// If the backend is in use, each line is of its own moment, so stop it before moving it.
///
/// # Errors
/// [`NotExported`]; what was written by then has no last line and is refused by every reader.
pub async fn export(
    backend: Ports<'_>,
    sealing: &Sealing<'_>,
    to: &mut (dyn Write + Send),
) -> Result<End, NotExported> {
    let mut writer = Writer::begin(&backend, sealing, to)?;
    writer.stream(StreamId::EventTypes).await?;
    writer.stream(StreamId::KeyScopes).await?;
    let mut after = None;
    while let Some((streams, last)) = moving::operator_tokens(backend.store, after).await? {
        after = Some(last);
        for stream in streams {
            writer.stream(stream).await?;
        }
    }
    let mut after = None;
    loop {
        let accounts = moving::accounts(backend.store, after).await?;
        let Some(last) = accounts.last() else { break };
        after = Some(*last);
        for account in accounts {
            writer.account(account).await?;
        }
    }
    writer.end().await
}

/// Writer of an export.
struct Writer<'a> {
    backend: &'a Ports<'a>,
    to: &'a mut (dyn Write + Send),
    keys: PassphraseKeys,
    vouching: Vouching,
    end: End,
}

impl<'a> Writer<'a> {
    fn begin(
        backend: &'a Ports<'a>,
        sealing: &Sealing<'_>,
        to: &'a mut (dyn Write + Send),
    ) -> Result<Self, NotExported> {
        let mut salt = [0; SALT_LEN];
        backend.ids.fill(&mut salt);
        let keys = PassphraseKeys::derive(sealing.passphrase, &salt, sealing.cost)?;
        let pepper = keys.seal(backend.ids, PEPPER, sealing.pepper.expose().as_bytes());
        let header = Header {
            latchhook_export: VERSION,
            created_at: backend.now(),
            key_prefix: sealing.key_prefix.to_owned(),
            cost: sealing.cost,
            salt: BASE64_STANDARD.encode(salt),
            pepper: BASE64_STANDARD.encode(pepper),
        };
        let vouching = keys.vouch();
        let mut writer = Self { backend, to, keys, vouching, end: End::default() };
        writer.write(&header)?;
        Ok(writer)
    }

    async fn account(&mut self, account: AccountId) -> Result<(), NotExported> {
        for stream in moving::streams_of(self.backend.store, account).await? {
            self.stream(stream).await?;
        }
        for environment in Environment::ALL {
            self.undelivered(account, *environment).await?;
        }
        Ok(())
    }

    async fn stream(&mut self, id: StreamId) -> Result<(), NotExported> {
        let Ports { store, vault, .. } = *self.backend;
        let events = moving::whole_stream(store, id).await?;
        if events.is_empty() {
            return Ok(());
        }
        let mut line = Stream {
            name: id.to_string(),
            events: vec![],
            secrets: [].into(),
            documents: moving::beside(store, id).await?.into_iter().map(Into::into).collect(),
        };
        for name in moving::stands(store, id, &events).await?.secrets {
            let secret = match vault.reveal(name).await {
                Ok(secret) => secret,
                // The secret was deleted with its webhook, or destroyed with its account.
                Err(VaultError::Gone) => continue,
                Err(why) => return Err(why.into()),
            };
            let purpose = name.purpose.to_string();
            let plain = secret.expose().as_bytes();
            let sealed = self.keys.seal(self.backend.ids, &secret_label(id, &purpose), plain);
            line.secrets.insert(purpose, BASE64_STANDARD.encode(sealed));
        }
        line.events = events.into_iter().map(Into::into).collect();
        self.line(&Line::Stream(line))
    }

    async fn undelivered(
        &mut self,
        account: AccountId,
        environment: Environment,
    ) -> Result<(), NotExported> {
        let Ports { store, ids, .. } = *self.backend;
        let mut from = None;
        loop {
            let of = (account, environment);
            let (page, next) =
                moving::undelivered(store, ids, self.backend.now(), of, from).await?;
            for event in page {
                let documents = event.documents.into_iter().map(Into::into).collect();
                let messages = event.messages;
                self.line(&Line::Undelivered(Undelivered { documents, messages }))?;
            }
            from = next;
            if from.is_none() {
                return Ok(());
            }
        }
    }

    /// Writes the last line, if everything was written.
    async fn end(mut self) -> Result<End, NotExported> {
        let there = self.events_there().await?;
        let written = self.end.events;
        if there != written {
            return Err(NotExported::Incomplete { written, there });
        }
        let seal = BASE64_STANDARD.encode(self.vouching.clone().seal());
        let end = End { seal, ..self.end.clone() };
        self.write(&Line::End(end.clone()))?;
        self.to.flush()?;
        Ok(end)
    }

    async fn events_there(&self) -> Result<u64, NotExported> {
        let (mut there, mut place) = (0, None);
        loop {
            let (events, next) = self.backend.store.replay(place, CHUNK).await?;
            there += events.len() as u64;
            place = next;
            if place.is_none() {
                return Ok(there);
            }
        }
    }

    fn line(&mut self, line: &Line) -> Result<(), NotExported> {
        self.end.count(line);
        self.write(line)
    }

    fn write(&mut self, line: &impl serde::Serialize) -> Result<(), NotExported> {
        let mut json = serde_json::to_vec(line).map_err(std::io::Error::from)?;
        json.push(b'\n');
        self.vouching.take(&json);
        Ok(self.to.write_all(&json)?)
    }
}

/// Label under which the pepper is sealed.
pub(crate) const PEPPER: &str = "pepper";

/// Returns the label under which a secret of `stream` is sealed.
pub(crate) fn secret_label(stream: StreamId, purpose: &str) -> String {
    format!("secret/{stream}/{purpose}")
}
