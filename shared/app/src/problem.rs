//! Problem: the reason given to a caller whose request was refused.

mod param;

use std::borrow::Cow;

use ports::{Chain, Corrupt, ReadError, Unavailable, vault::VaultError};

pub use param::Param;

/// Defines the error codes of API.md with their HTTP status and default sentence.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $text:literal, $status:literal, $sentence:literal;)*) => {
        /// Stable error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// Returns the code's text in an answer.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text,)* }
            }

            /// Returns the number of the HTTP status of the code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$code => $status,)* }
            }

            /// Returns the default sentence, used unless something more precise is known.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$code => $sentence,)* }
            }
        }
    };
}

codes! {
    /// The body is not valid JSON.
    MalformedJson = "malformed_json", 400, "The request body is not valid JSON.";
    /// A field or query parameter is not known here.
    UnknownField = "unknown_field", 400, "There is no such field here.";
    /// A cursor does not belong to this list.
    InvalidCursor = "invalid_cursor", 400, "The cursor does not belong to this list.";
    /// The operator called for an account and named none.
    AccountRequired = "account_required", 400, "Name the account in the Latchhook-Account header.";
    /// The credential is missing or not known.
    BadAuthentication = "bad_authentication", 401, "Bad authentication error";
    /// The key has expired.
    KeyExpired = "key_expired", 401, "The API key has expired.";
    /// The credential does not permit this.
    PermissionDenied = "permission_denied", 403, "This credential may not do that.";
    /// The account is not credentialed for live mode.
    AccountNotCredentialed = "account_not_credentialed", 403, "The account is not credentialed for live mode.";
    /// The account is closed.
    AccountClosed = "account_closed", 403, "The account is closed.";
    /// A key was used from elsewhere than its networks.
    IpNotAllowed = "ip_not_allowed", 403, "The API key may not be used from this address.";
    /// A key was used with the other environment, or something of test alone was asked for in live.
    WrongEnvironment = "wrong_environment", 403, "The API key belongs to the other environment.";
    /// The object does not exist, or is not the caller's.
    NotFound = "not_found", 404, "Not found.";
    /// The path does not support the method.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here.";
    /// The body is too large.
    PayloadTooLarge = "payload_too_large", 413, "The request body is larger than 256 KiB.";
    /// The body is neither JSON nor a form.
    UnsupportedMediaType = "unsupported_media_type", 415, "Send application/json or application/x-www-form-urlencoded.";
    /// The account has as many of these as it may.
    QuotaLimitExceeded = "quota_limit_exceeded", 409, "Quota limit exceeded";
    /// Another webhook has the URL.
    UrlTaken = "url_taken", 409, "Url has already been taken.";
    /// A key that is imported is known already.
    KeyTaken = "key_taken", 409, "This API key is known already.";
    /// Of the key only its hash is known.
    NotRevealable = "not_revealable", 409, "The API key was imported by its hash, so it can't be shown.";
    /// An expired key can't be changed.
    KeyAlreadyExpired = "key_already_expired", 409, "The API key has already expired.";
    /// The first request with that idempotency key is still running.
    IdempotencyInProgress = "idempotency_in_progress", 409, "The first request with this idempotency key is still running.";
    /// A race was lost, or an object with a unique value exists already.
    Conflict = "conflict", 409, "Somebody else was changing this; try again.";
    /// A required field is missing.
    MissingField = "missing_field", 422, "This field is required.";
    /// A field has an invalid value.
    InvalidField = "invalid_field", 422, "This value can't be taken.";
    /// The host is one that deliveries must not reach.
    UrlNotPublic = "url_not_public", 422, "The URL's host must be publicly reachable.";
    /// The scheme is not supported, or not in live mode.
    UrlSchemeNotAllowed = "url_scheme_not_allowed", 422, "The URL's scheme is not allowed here.";
    /// The URL is not that of an SNS topic.
    InvalidSnsUrl = "invalid_sns_url", 422, "The URL must be sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>.";
    /// The filter is no event pattern.
    InvalidFilter = "invalid_filter", 422, "The filter must be an event pattern.";
    /// The event type is not registered.
    UnknownEventType = "unknown_event_type", 422, "The event type is not registered.";
    /// The scope is not registered.
    UnknownScope = "unknown_scope", 422, "The scope is not registered.";
    /// The idempotency key was used with another body before.
    IdempotencyMismatch = "idempotency_mismatch", 422, "This idempotency key was used with another request.";
    /// There were too many requests of this kind.
    RateLimited = "rate_limited", 429, "Too many requests; wait and try again.";
    /// Damage of what is stored: repeating the request changes nothing, the operator has to act.
    Internal = "internal", 500, "Something stored here can't be read. Repeating the request does not help; the operator's log says more.";
    /// The backend is unavailable; nothing was accepted.
    Unavailable = "unavailable", 503, "Nothing was accepted. Try again with the same Idempotency-Key.";
}

/// Problem that a caller is told of. Details for the operator are logged where they are known, and
/// never part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable code.
    pub code: Code,
    /// Sentence for people.
    pub message: Cow<'static, str>,
    /// Name of the offending field, never a value; none where it can't be shown.
    pub param: Option<Param>,
    /// Seconds after which the request can succeed, if that is known.
    pub retry_after: Option<u32>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self { code, message: Cow::Borrowed(code.sentence()), param: None, retry_after: None }
    }
}

impl Code {
    /// Makes the problem with this code for the field at `path`.
    pub fn of(self, path: impl Into<Cow<'static, str>>) -> Problem {
        Problem { param: Param::named(path), ..self.into() }
    }

    /// Makes the problem with this code for the field at `path`, with the sentence that it is
    /// `what`.
    pub fn of_which(
        self,
        path: impl Into<Cow<'static, str>>,
        what: impl std::fmt::Display,
    ) -> Problem {
        let path = path.into();
        let message = format!("{} {what}.", param::subject(&path));
        self.of(path).saying(message)
    }
}

impl Problem {
    /// Returns whether it is that something stored is damaged, so that trying again changes nothing.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        self.code == Code::Internal
    }

    /// Replaces the sentence by a more precise one.
    #[must_use]
    pub fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Returns the same problem of another field, if it is of one.
    #[must_use]
    pub fn of_field(mut self, path: &'static str) -> Self {
        if self.param.is_some() {
            self.param = Param::named(path);
        }
        self
    }

    /// Adds the seconds after which the request can succeed.
    #[must_use]
    pub const fn after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Returns the same problem of what stands at `path`: its field is one in there.
    #[must_use]
    pub fn within(mut self, path: &str) -> Self {
        let whole = match &self.param {
            None => path.to_owned(),
            Some(inner) => {
                if let Some(rest) = self.message.strip_prefix(inner.as_str()) {
                    self.message = format!("{path}.{inner}{rest}").into();
                }
                format!("{path}.{inner}")
            }
        };
        self.param = Param::named(whole);
        self
    }

    /// Makes the problem of a field at `path` whose value is invalid because it `must` be something
    /// else.
    pub fn invalid(path: impl Into<Cow<'static, str>>, must: impl std::fmt::Display) -> Self {
        Code::InvalidField.of_which(path, must)
    }
}

impl From<Unavailable> for Problem {
    fn from(why: Unavailable) -> Self {
        tracing::error!(error = %Chain(&why), "the backend is unavailable");
        Code::Unavailable.into()
    }
}

impl From<Corrupt> for Problem {
    fn from(why: Corrupt) -> Self {
        tracing::error!(error = %Chain(&why), "what is stored is damaged");
        Code::Internal.into()
    }
}

impl From<ReadError> for Problem {
    fn from(why: ReadError) -> Self {
        match why {
            ReadError::Unavailable(why) => why.into(),
            ReadError::Corrupt(why) => why.into(),
        }
    }
}

impl From<VaultError> for Problem {
    fn from(why: VaultError) -> Self {
        match why {
            VaultError::Gone => Code::NotFound.into(),
            VaultError::Unavailable(why) => why.into(),
            VaultError::Corrupt(why) => why.into(),
        }
    }
}
