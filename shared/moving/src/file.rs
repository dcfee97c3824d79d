//! Reader of an export file, and the checks that it must pass.

use std::io::{self, BufRead, Seek, SeekFrom};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::Secret;
use sealed::passphrase::PassphraseKeys;
use serde::Deserialize;

use crate::{
    export::PEPPER,
    format::{End, Header, Line, VERSION},
};

/// Export file that is complete, unchanged, and opened by its passphrase.
#[derive(Debug)]
pub struct Export<F> {
    file: F,
    keys: PassphraseKeys,
    pepper: Secret,
    header: Header,
    end: End,
}

/// Reason why a file can't be imported. Nothing was written by then.
#[derive(Debug, thiserror::Error)]
pub enum NotAnExport {
    /// The file is not an export.
    #[error("it is not an export of Latchhook")]
    Foreign,
    /// A later version of Latchhook wrote the file.
    #[error("it has version {0}, which only a later Latchhook reads")]
    Newer(u32),
    /// The passphrase is wrong.
    #[error("the passphrase does not open it")]
    Passphrase,
    /// The last line is missing.
    #[error("its end is missing: it was written or copied only in part")]
    Truncated,
    /// The file was changed.
    #[error("it was changed or damaged since it was written")]
    Altered,
    /// The file can't be read.
    #[error("reading it")]
    File(#[from] io::Error),
}

/// Header of unknown version: only the version is read.
#[derive(Deserialize)]
struct Version {
    latchhook_export: u32,
}

impl<F: BufRead + Seek> Export<F> {
    /// Reads all of `file` and verifies its seal with `passphrase`.
    ///
    /// # Errors
    /// [`NotAnExport`] says why it must not be imported.
    pub fn open(mut file: F, passphrase: &Secret) -> Result<Self, NotAnExport> {
        file.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        file.read_until(b'\n', &mut bytes)?;
        let header = header(&bytes)?;
        let keys = keys(&header, passphrase)?;
        let mut vouching = keys.vouch();
        let pepper = BASE64_STANDARD.decode(&header.pepper).map_err(|_| NotAnExport::Altered)?;
        let pepper = keys.open(PEPPER, pepper).ok_or(NotAnExport::Passphrase)?;
        let pepper = std::str::from_utf8(&pepper).map_err(|_| NotAnExport::Altered)?;
        let pepper = Secret::new(pepper);
        let mut next = Vec::new();
        while file.read_until(b'\n', &mut next)? > 0 {
            vouching.take(&bytes);
            std::mem::swap(&mut bytes, &mut next);
            next.clear();
        }
        let Ok(Line::End(end)) = whole_line(&bytes) else { return Err(NotAnExport::Truncated) };
        if BASE64_STANDARD.encode(vouching.seal()) != end.seal {
            return Err(NotAnExport::Altered);
        }
        Ok(Self { file, keys, pepper, header, end })
    }

    /// Returns the first line.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Returns the last line, which has the totals.
    pub fn end(&self) -> &End {
        &self.end
    }

    /// Returns the pepper of the fingerprints.
    pub fn pepper(&self) -> &Secret {
        &self.pepper
    }

    pub(crate) fn keys(&self) -> &PassphraseKeys {
        &self.keys
    }

    /// Goes back to the first line after the header.
    pub(crate) fn rewind(&mut self) -> Result<(), NotAnExport> {
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_until(b'\n', &mut Vec::new())?;
        Ok(())
    }

    /// Reads the next line.
    pub(crate) fn next_line(&mut self) -> Result<Line, NotAnExport> {
        let mut bytes = Vec::new();
        self.file.read_until(b'\n', &mut bytes)?;
        whole_line(&bytes).map_err(|_| NotAnExport::Altered)
    }
}

fn header(bytes: &[u8]) -> Result<Header, NotAnExport> {
    let foreign = |_| NotAnExport::Foreign;
    let Version { latchhook_export } = serde_json::from_slice(bytes).map_err(foreign)?;
    if latchhook_export != VERSION {
        return Err(NotAnExport::Newer(latchhook_export));
    }
    serde_json::from_slice(bytes).map_err(foreign)
}

fn keys(header: &Header, passphrase: &Secret) -> Result<PassphraseKeys, NotAnExport> {
    let salt = BASE64_STANDARD.decode(&header.salt).ok();
    let salt = salt.and_then(|salt| salt.try_into().ok()).ok_or(NotAnExport::Altered)?;
    let keys = PassphraseKeys::derive(passphrase, &salt, header.cost);
    keys.map_err(|_| NotAnExport::Altered)
}

/// Parses a line that ends in a line feed: a shorter one can be JSON by chance.
fn whole_line(bytes: &[u8]) -> Result<Line, NotAnExport> {
    let line = bytes.strip_suffix(b"\n").ok_or(NotAnExport::Truncated)?;
    serde_json::from_slice(line).map_err(|_| NotAnExport::Altered)
}
