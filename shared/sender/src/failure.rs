//! Failures of attempts, in the sentences that a webhook's owner reads.
//!
//! The sentences are fixed: an error's own text may contain an address to which a name led, or
//! repeat the receiver's data. Of a certificate they repeat what whoever has to mend it needs.

mod certificate;

use std::{error::Error, io};

use domain::delivery::{Failure, FailureCode};
use ports::sender::OutOfSockets;
use rustls::{AlertDescription, PeerIncompatible, PeerMisbehaved};

use crate::{
    connect::ConnectError,
    http::{http1::Fault, interim::Endless},
};

/// Returns a failure with that code and sentence.
pub(crate) fn failure(code: FailureCode, message: impl Into<String>) -> Failure {
    Failure { code, message: message.into() }
}

/// The whole attempt took too long.
pub(crate) fn timed_out() -> Failure {
    failure(FailureCode::Timeout, "no answer within the time-out")
}

/// Reason why there is no answer.
pub(crate) enum NoAnswer {
    /// The attempt failed.
    Failed(Failure),
    /// Nothing was sent, which is not the receiver's failure.
    OutOfSockets(OutOfSockets),
}

impl From<Failure> for NoAnswer {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Returns the reason that an error means: a failure with the sentence of the first error in its
/// chain that has one, unless this machine had no socket.
pub(crate) fn of(error: &(dyn Error + 'static)) -> NoAnswer {
    let chain = || std::iter::successors(Some(error), |error| inner(*error));
    if let Some(lack) = chain().find_map(lack) {
        return NoAnswer::OutOfSockets(lack);
    }
    let named = chain().find_map(name);
    named.unwrap_or_else(|| failure(FailureCode::Connection, "the connection failed")).into()
}

fn lack(error: &(dyn Error + 'static)) -> Option<OutOfSockets> {
    match error.downcast_ref::<ConnectError>() {
        Some(ConnectError::OutOfSockets(lack)) => Some(*lack),
        Some(_) => None,
        None => error.downcast_ref().is_some_and(OutOfSockets::is).then_some(OutOfSockets),
    }
}

/// Returns the error within `error`; an [`io::Error`] hides its own from [`Error::source`].
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
    if error.is::<Endless>() {
        return Some(interim());
    }
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        return Some(of_http2(error));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_io(error);
    }
    error.downcast_ref::<Fault>().and_then(of_http)
}

fn of_connect(error: ConnectError) -> Failure {
    let code = match error {
        ConnectError::Forbidden => FailureCode::Forbidden,
        ConnectError::Unresolved | ConnectError::Unanswered => FailureCode::Dns,
        ConnectError::Late => FailureCode::Timeout,
        ConnectError::OutOfSockets(_) => FailureCode::Connection,
    };
    failure(code, error.to_string())
}

fn of_tls(error: &rustls::Error) -> String {
    let sentence = match error {
        rustls::Error::InvalidCertificate(error) => return certificate::sentence(error),
        rustls::Error::InvalidMessage(_) => "the host does not speak TLS on this port",
        rustls::Error::AlertReceived(alert) => match alert {
            AlertDescription::HandshakeFailure => NO_CIPHER_SUITE,
            AlertDescription::ProtocolVersion => NO_VERSION,
            AlertDescription::CertificateRequired => {
                "the host asks for a client certificate, and deliveries have none"
            }
            _ => return format!("the host refused the TLS handshake: {alert:?}"),
        },
        rustls::Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => NO_VERSION,
        rustls::Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedCipherSuite)
        | rustls::Error::PeerIncompatible(_) => NO_CIPHER_SUITE,
        _ => "the TLS handshake failed",
    };
    sentence.to_owned()
}

/// Sentence for a bare "handshake failure", with which a host with other cipher suites answers. The
/// alert has rarer causes too, so the sentence names the most frequent one and a remedy.
const NO_CIPHER_SUITE: &str = "the host refused the TLS handshake, as hosts do that offer TLS 1.2 \
    only with CBC cipher suites or RSA key exchange; let it offer TLS 1.3, or TLS 1.2 with an ECDHE \
    cipher suite of AES-GCM or ChaCha20-Poly1305";

const NO_VERSION: &str = "the host speaks neither TLS 1.2 nor TLS 1.3";

/// Returns the failure of an HTTP fault; `None` if it only wraps another error.
fn of_http(fault: &Fault) -> Option<Failure> {
    match fault {
        Fault::NotHttp => Some(failure(FailureCode::Protocol, "the answer is not HTTP")),
        Fault::Endless(_) => Some(interim()),
        Fault::Closed => Some(closed()),
        Fault::Broken(_) => None,
    }
}

fn interim() -> Failure {
    failure(FailureCode::Protocol, "the host sent interim answers (1xx) without end")
}

fn closed() -> Failure {
    failure(FailureCode::Connection, "the connection was closed before the answer")
}

fn of_http2(error: &h2::Error) -> Failure {
    match error.get_io() {
        // Errors of h2 for the end of the stream of bytes, with a TLS close notification and
        // without.
        Some(error) if is_end(error.kind()) => closed(),
        Some(error) => {
            of_io(error).unwrap_or_else(|| failure(FailureCode::Connection, "the connection broke"))
        }
        None => failure(FailureCode::Protocol, "the host broke off the HTTP/2 exchange"),
    }
}

fn is_end(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof)
}

/// Returns the failure of an I/O error; `None` if it only wraps another error.
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
