//! What went wrong, in the words that a webhook's owner reads.
//!
//! The sentences are fixed: an error's own text may name the address that a name led to, or repeat
//! what the receiver sent.

use std::{error::Error, io};

use domain::delivery::{Failure, FailureCode};
use rustls::CertificateError;

use crate::connect::ConnectError;

/// A failure of that kind, in that sentence.
pub(crate) fn failure(code: FailureCode, message: impl Into<String>) -> Failure {
    Failure { code, message: message.into() }
}

/// The whole attempt took too long.
pub(crate) fn timed_out() -> Failure {
    failure(FailureCode::Timeout, "no answer within the time-out")
}

/// What kept a request from being answered: the first error of the chain that says something.
pub(crate) fn of(error: &(dyn Error + 'static)) -> Failure {
    let named = std::iter::successors(Some(error), |error| inner(*error)).find_map(name);
    named.unwrap_or_else(|| failure(FailureCode::Connection, "the connection failed"))
}

/// The error within `error`; an [`io::Error`] hides its own from [`Error::source`].
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn name(error: &(dyn Error + 'static)) -> Option<Failure> {
    if let Some(error) = error.downcast_ref::<ConnectError>() {
        return Some(of_connect(*error));
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(failure(FailureCode::Tls, of_tls(error)));
    }
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        return Some(of_http2(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_io(error);
    }
    error.downcast_ref::<hyper::Error>().and_then(of_http)
}

fn of_connect(error: ConnectError) -> Failure {
    let code = match error {
        ConnectError::Forbidden => FailureCode::Forbidden,
        ConnectError::Unresolved | ConnectError::Unanswered => FailureCode::Dns,
        ConnectError::Late => FailureCode::Timeout,
    };
    failure(code, error.to_string())
}

fn of_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(error) => of_certificate(error).to_owned(),
        rustls::Error::InvalidMessage(_) => "the host does not speak TLS on this port".to_owned(),
        rustls::Error::AlertReceived(alert) => {
            format!("the host refused the TLS handshake: {alert:?}")
        }
        rustls::Error::PeerIncompatible(_) => {
            "the host supports no TLS version and cipher that can be used".to_owned()
        }
        _ => "the TLS handshake failed".to_owned(),
    }
}

fn of_certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the host's certificate has expired"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the host's certificate is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the host's certificate is for another name"
        }
        // The latter is an authority of a trusted one's name that is not it.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "the host's certificate is not signed by a trusted authority"
        }
        _ => "the host's certificate is not valid",
    }
}

fn of_http(error: &hyper::Error) -> Option<Failure> {
    let (code, message) = if error.is_parse_too_large() {
        (FailureCode::Protocol, "the answer's headers are too large")
    } else if error.is_parse() {
        (FailureCode::Protocol, "the answer is not HTTP")
    } else if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        (FailureCode::Connection, "the connection was closed before the answer")
    } else {
        return None;
    };
    Some(failure(code, message))
}

fn of_http2(error: &h2::Error) -> Failure {
    match error.get_io() {
        Some(error) => {
            of_io(error).unwrap_or_else(|| failure(FailureCode::Connection, "the connection broke"))
        }
        None => failure(FailureCode::Protocol, "the host broke off the HTTP/2 exchange"),
    }
}

/// None for one that only wraps another.
fn of_io(error: &io::Error) -> Option<Failure> {
    let (code, message) = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            (FailureCode::Connection, "the host refused the connection")
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            (FailureCode::Connection, "the host broke the connection")
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            (FailureCode::Connection, "the host can't be reached")
        }
        io::ErrorKind::UnexpectedEof => {
            (FailureCode::Tls, "the host closed the connection during the TLS handshake")
        }
        io::ErrorKind::TimedOut => (FailureCode::Timeout, "the connection was not made in time"),
        _ => return None,
    };
    Some(failure(code, message))
}
