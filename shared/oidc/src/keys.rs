//! Keys of the issuer, and the check of a token's signature by them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// Keys of an issuer by which it signs tokens (RFC 7517, section 5).
#[derive(Debug)]
pub(crate) struct Keys(Vec<Key>);

/// Key, with its name in tokens.
#[derive(Debug)]
struct Key {
    kid: Option<String>,
    public: Public,
}

/// Public key, of the one algorithm that it is for.
#[derive(Debug)]
enum Public {
    /// RSA with PKCS #1 and SHA-256: `RS256`.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// ECDSA on P-256 with SHA-256, by the uncompressed point: `ES256`.
    P256(Vec<u8>),
}

/// Token that was taken apart, and of which nothing is proven yet.
pub(crate) struct Token<'a> {
    kid: Option<String>,
    alg: Algorithm,
    signed: &'a str,
    signature: Vec<u8>,
    payload: Vec<u8>,
}

/// Algorithms that a token may be signed by. No other can be written down: neither `none` nor those
/// with a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Algorithm {
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "ES256")]
    Es256,
}

/// Reason why a signature was not verified.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotSigned {
    /// None of the keys has the name that the token says.
    UnknownKey,
    /// The signature is none of such a key.
    Wrong,
}

#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    kid: Option<String>,
    /// Extensions that have to be understood; none are.
    crit: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads the keys of a set that can be used; others, of algorithms that are not ours, are passed
    /// over.
    ///
    /// # Errors
    /// When it is no set of keys.
    pub(crate) fn parse(body: &[u8]) -> serde_json::Result<Self> {
        let set: KeySet = serde_json::from_slice(body)?;
        let known = |key| serde_json::from_value::<Jwk>(key).ok().and_then(Jwk::read);
        Ok(Self(set.keys.into_iter().filter_map(known).collect()))
    }

    /// Returns the payload of a token that one of the keys has signed.
    ///
    /// # Errors
    /// [`NotSigned`].
    pub(crate) fn verify<'a>(&self, token: &'a Token<'_>) -> Result<&'a [u8], NotSigned> {
        let named = |key: &&Key| token.kid.is_none() || key.kid == token.kid;
        let mut named = self.0.iter().filter(named).peekable();
        if named.peek().is_none() {
            return Err(NotSigned::UnknownKey);
        }
        let is_signed = named.any(|key| key.public.has_signed(token));
        if is_signed { Ok(&token.payload) } else { Err(NotSigned::Wrong) }
    }
}

impl Jwk {
    fn read(self) -> Option<Key> {
        let is_for = |alg| self.alg.as_deref().is_none_or(|its| its == alg);
        if self.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let public = match self.kty.as_str() {
            "RSA" if is_for("RS256") => {
                Public::Rsa { n: number(self.n.as_deref()?)?, e: number(self.e.as_deref()?)? }
            }
            "EC" if is_for("ES256") && self.crv.as_deref() == Some("P-256") => {
                let (x, y) = (bytes(self.x.as_deref()?)?, bytes(self.y.as_deref()?)?);
                let uncompressed = std::iter::once(4).chain(x).chain(y).collect();
                Public::P256(uncompressed)
            }
            _ => return None,
        };
        Some(Key { kid: self.kid, public })
    }
}

impl Public {
    /// Returns whether this key made the signature of `token`. A key is never used for another
    /// algorithm than its own.
    fn has_signed(&self, token: &Token<'_>) -> bool {
        let Token { signed, signature, .. } = token;
        let verified = match (self, token.alg) {
            (Self::Rsa { n, e }, Algorithm::Rs256) => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                signed.as_bytes(),
                signature,
            ),
            (Self::P256(point), Algorithm::Es256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(signed.as_bytes(), signature)
            }
            (Self::Rsa { .. }, Algorithm::Es256) | (Self::P256(_), Algorithm::Rs256) => {
                return false;
            }
        };
        verified.is_ok()
    }
}

impl<'a> Token<'a> {
    /// Takes apart a signed token in its compact form (RFC 7515, section 7.1).
    ///
    /// # Errors
    /// The reason why it is none that can be verified.
    pub(crate) fn parse(text: &'a str) -> Result<Self, &'static str> {
        let no_token = "it is no signed token";
        let (signed, signature) = text.rsplit_once('.').ok_or(no_token)?;
        let (header, payload) = signed.split_once('.').ok_or(no_token)?;
        let header = bytes(header).ok_or(no_token)?;
        let header: Header = serde_json::from_slice(&header)
            .map_err(|_| "it is signed by another algorithm than RS256 and ES256")?;
        if header.crit.is_some() {
            return Err("it has an extension that is not understood");
        }
        let signature = bytes(signature).ok_or(no_token)?;
        let payload = bytes(payload).ok_or(no_token)?;
        Ok(Self { kid: header.kid, alg: header.alg, signed, signature, payload })
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok()
}

/// Reads a number without the zeros that some write in front, which ring takes for a mistake.
fn number(text: &str) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes[zeros..].to_vec())
}

#[cfg(test)]
mod tests;
