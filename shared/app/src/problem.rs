//! Why a request is not done, as the caller is told.

mod param;

use std::borrow::Cow;

use http::StatusCode;
use ports::{Unavailable, vault::VaultError};

pub use param::Param;

/// Defines the error codes of API.md with their HTTP status and their usual sentence.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident = $text:literal, $status:ident, $sentence:literal;)*) => {
        /// A stable error code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $code,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// Its text in an answer.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => $text,)* }
            }

            /// The HTTP status it comes with.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$code => StatusCode::$status,)* }
            }

            /// What people are told, where nothing more precise is known.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$code => $sentence,)* }
            }
        }
    };
}

codes! {
    /// The body is not JSON.
    MalformedJson = "malformed_json", BAD_REQUEST, "The request body is not valid JSON.";
    /// A field or query parameter that is not known here.
    UnknownField = "unknown_field", BAD_REQUEST, "There is no such field here.";
    /// A cursor that this list did not give out.
    InvalidCursor = "invalid_cursor", BAD_REQUEST, "The cursor does not belong to this list.";
    /// An operator's call that acts on an account and names none.
    AccountRequired = "account_required", BAD_REQUEST, "Name the account in the Latchhook-Account header.";
    /// No credential, or one that is not known.
    BadAuthentication = "bad_authentication", UNAUTHORIZED, "Bad authentication error";
    /// A key that has expired.
    KeyExpired = "key_expired", UNAUTHORIZED, "The API key has expired.";
    /// A credential that may not do this.
    PermissionDenied = "permission_denied", FORBIDDEN, "This credential may not do that.";
    /// Live mode without the operator's word for the account.
    AccountNotCredentialed = "account_not_credentialed", FORBIDDEN, "The account is not credentialed for live mode.";
    /// The account was closed.
    AccountClosed = "account_closed", FORBIDDEN, "The account is closed.";
    /// A key that names the other environment.
    WrongEnvironment = "wrong_environment", FORBIDDEN, "The API key belongs to the other environment.";
    /// Nothing there, or nothing of the caller's.
    NotFound = "not_found", NOT_FOUND, "Not found.";
    /// Nothing there takes that method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "This method is not allowed here.";
    /// The body is too large.
    PayloadTooLarge = "payload_too_large", PAYLOAD_TOO_LARGE, "The request body is larger than 256 KiB.";
    /// The body is neither JSON nor a form.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "Send application/json or application/x-www-form-urlencoded.";
    /// One webhook more than the account may have.
    QuotaLimitExceeded = "quota_limit_exceeded", CONFLICT, "Quota limit exceeded";
    /// Another webhook has the URL.
    UrlTaken = "url_taken", CONFLICT, "Url has already been taken.";
    /// An expired key can't be changed.
    KeyAlreadyExpired = "key_already_expired", CONFLICT, "The API key has already expired.";
    /// The first request with that idempotency key is not done yet.
    IdempotencyInProgress = "idempotency_in_progress", CONFLICT, "The first request with this idempotency key is still running.";
    /// Lost a race, or something unique exists already.
    Conflict = "conflict", CONFLICT, "Somebody else was changing this; try again.";
    /// A field that must be there is not.
    MissingField = "missing_field", UNPROCESSABLE_ENTITY, "This field is required.";
    /// A field's value can't be taken.
    InvalidField = "invalid_field", UNPROCESSABLE_ENTITY, "This value can't be taken.";
    /// A host that deliveries must not reach.
    UrlNotPublic = "url_not_public", UNPROCESSABLE_ENTITY, "The URL's host must be publicly reachable.";
    /// A scheme that is not taken, or not in live mode.
    UrlSchemeNotAllowed = "url_scheme_not_allowed", UNPROCESSABLE_ENTITY, "The URL's scheme is not allowed here.";
    /// Not an SNS topic's URL.
    InvalidSnsUrl = "invalid_sns_url", UNPROCESSABLE_ENTITY, "The URL must be sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>.";
    /// A type that is not registered.
    UnknownEventType = "unknown_event_type", UNPROCESSABLE_ENTITY, "The event type is not registered.";
    /// The idempotency key came with another body before.
    IdempotencyMismatch = "idempotency_mismatch", UNPROCESSABLE_ENTITY, "This idempotency key was used with another request.";
    /// Too many requests with this key.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests; wait and try again.";
    /// The backend can't do it now; nothing was accepted.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Nothing was accepted. Try again with the same Idempotency-Key.";
}

/// Why a request is not done: what the caller is told. What the operator should know besides is
/// logged where it is known, and never part of this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: Code,
    /// A sentence for people.
    pub message: Cow<'static, str>,
    /// The offending field's name, never a value; none where it can't be shown.
    pub param: Option<Param>,
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self { code, message: Cow::Borrowed(code.sentence()), param: None }
    }
}

impl Code {
    /// This code for the field at `path`.
    pub fn of(self, path: impl Into<Cow<'static, str>>) -> Problem {
        Problem { param: Param::named(path), ..self.into() }
    }

    /// The same, with a sentence that says `what` of the field.
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
    /// The same with a more precise sentence.
    #[must_use]
    pub fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// The value of the field at `path` can't be taken because it `must` be something else.
    pub fn invalid(path: impl Into<Cow<'static, str>>, must: impl std::fmt::Display) -> Self {
        Code::InvalidField.of_which(path, must)
    }
}

impl From<Unavailable> for Problem {
    fn from(why: Unavailable) -> Self {
        tracing::error!(error = %why, "the backend is unavailable");
        Code::Unavailable.into()
    }
}

impl From<VaultError> for Problem {
    fn from(why: VaultError) -> Self {
        match why {
            VaultError::Gone => Code::NotFound.into(),
            VaultError::Unavailable(why) => why.into(),
        }
    }
}
