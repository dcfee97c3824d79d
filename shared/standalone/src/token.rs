//! Operator's token: generated here, and kept only as a hash.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use app::{OperatorTokenHash, settings::OPERATOR_TOKEN_PREFIX};
use domain::Secret;
use ports::Ids;

use crate::{Error, error::during};

/// Name of the file in a data directory that has the hash, hexadecimal.
const FILE: &str = "operator-token.sha256";
/// Number of base62 digits of a token: 62⁴³ is the first power beyond 2²⁵⁶.
const DIGITS: usize = 43;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Generates a token.
#[must_use]
pub fn generate(ids: &dyn Ids) -> Secret {
    let mut token = String::with_capacity(OPERATOR_TOKEN_PREFIX.len() + DIGITS);
    token.push_str(OPERATOR_TOKEN_PREFIX);
    while token.len() < OPERATOR_TOKEN_PREFIX.len() + DIGITS {
        let mut bytes = [0; 64];
        ids.fill(&mut bytes);
        // Bytes from 248 are skipped, so that every digit is equally likely.
        let digits = bytes.into_iter().filter(|byte| *byte < 248);
        let missing = OPERATOR_TOKEN_PREFIX.len() + DIGITS - token.len();
        token.extend(digits.take(missing).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
    Secret::new(token)
}

/// Returns the hash in `directory`, with a new token if there was none.
///
/// # Errors
/// When the file can't be read or written, or contains something else.
pub fn load_or_make(
    directory: &Path,
    ids: &dyn Ids,
) -> Result<(OperatorTokenHash, Option<Secret>), Error> {
    let path = directory.join(FILE);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(directory);
            made.map_err(during(directory.display()))?;
            let token = rotate(directory, ids)?;
            return Ok((OperatorTokenHash::of(&token), Some(token)));
        }
        Err(why) => return Err(during(path.display())(why)),
    };
    let mut hash = [0; 32];
    match hex::decode_to_slice(text.trim(), &mut hash) {
        Ok(()) => Ok((OperatorTokenHash(hash), None)),
        Err(_) => Err(during(path.display())(
            "is not a hash; `latchhook operator-token rotate` makes a new token",
        )),
    }
}

/// Replaces the token of `directory` by a new one, completely or not at all.
///
/// # Errors
/// When it can't be written.
pub fn rotate(directory: &Path, ids: &dyn Ids) -> Result<Secret, Error> {
    let token = generate(ids);
    let hash = hex::encode(OperatorTokenHash::of(&token).0);
    replace(directory, &hash).map_err(during("keeping the token's hash"))?;
    Ok(token)
}

fn replace(directory: &Path, hash: &str) -> io::Result<()> {
    let beside = directory.join(format!("{FILE}.new"));
    let mut options = fs::OpenOptions::new();
    let mut file = options.create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
    writeln!(file, "{hash}")?;
    file.sync_all()?;
    fs::rename(&beside, directory.join(FILE))?;
    fs::File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use embedded::SystemIds;

    use super::*;

    #[test]
    fn tokens_are_long_and_differ() {
        let ids = SystemIds::new();
        let (one, other) = (generate(&ids), generate(&ids));
        assert_ne!(one, other);
        let digits = one.expose().strip_prefix("lhop_").unwrap();
        assert_eq!(digits.len(), 43);
        assert!(digits.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn a_directory_keeps_only_the_hash_readable_by_its_owner_only() {
        let backend = tempfile::tempdir().unwrap();
        let directory = backend.path().join("data");
        let (hash, token) = load_or_make(&directory, &SystemIds::new()).unwrap();
        let token = token.unwrap();
        assert!(hash.is_of(token.expose()));
        let kept = fs::read_to_string(directory.join(FILE)).unwrap();
        assert!(!kept.contains(&token.expose()[5..]));
        let mode = fs::metadata(directory.join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(load_or_make(&directory, &SystemIds::new()).unwrap(), (hash, None));
    }

    #[test]
    fn a_rotated_token_replaces_the_one_before() {
        let directory = tempfile::tempdir().unwrap();
        let (before, _) = load_or_make(directory.path(), &SystemIds::new()).unwrap();
        let token = rotate(directory.path(), &SystemIds::new()).unwrap();
        let (after, made) = load_or_make(directory.path(), &SystemIds::new()).unwrap();
        assert!(after != before && after.is_of(token.expose()) && made.is_none());
    }

    #[test]
    fn a_malformed_hash_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE), "hunter2").unwrap();
        assert!(load_or_make(directory.path(), &SystemIds::new()).is_err());
    }
}
