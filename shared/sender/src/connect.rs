//! Connections, made only to addresses that the guard permits.
//!
//! The guard checks between resolution and connection: the addresses that it has checked are the
//! ones connected to. A name server that answers differently the second time (DNS rebinding) is not
//! asked a second time.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use guard::Guard;
use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{
    client::legacy::connect::{HttpConnector, dns::Name},
    rt::TokioIo,
};
use ports::{
    Clock, Resolve,
    resolve::{Asker, Unresolved},
    sender::OutOfSockets,
};
use tokio::net::TcpStream;
use tower::Service;

use crate::tls::{Protocols, Tls};

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Pending<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Reason why a connection was not even tried, or not made in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ConnectError {
    /// The guard forbids every address of the host.
    #[error("the host is not publicly reachable")]
    Forbidden,
    /// The name has no address.
    #[error("the host's name does not resolve")]
    Unresolved,
    /// No name server answered.
    #[error("no name server answered for the host's name")]
    Unanswered,
    /// This machine has no socket left.
    #[error(transparent)]
    OutOfSockets(OutOfSockets),
    /// Connection and handshake took longer than an attempt may.
    #[error("the connection was not made in time")]
    Late,
}

impl From<Unresolved> for ConnectError {
    fn from(why: Unresolved) -> Self {
        match why {
            Unresolved::NoAddress => Self::Unresolved,
            Unresolved::NoAnswer => Self::Unanswered,
            Unresolved::OutOfSockets => Self::OutOfSockets(OutOfSockets),
        }
    }
}

/// Parts that connections are made with.
pub(crate) struct Network {
    pub(crate) guard: Arc<Guard>,
    pub(crate) resolver: Arc<dyn Resolve>,
    pub(crate) tls: Arc<Tls>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Time limit of making a connection.
    pub(crate) timeout: Duration,
}

impl Network {
    /// Returns a connector whose look-ups are `asker`'s.
    pub(crate) fn connector(&self, asker: Asker) -> Connector {
        let Self { guard, resolver, tls, clock, timeout } = self;
        let (guard, resolver) = (Arc::clone(guard), Arc::clone(resolver));
        let mut tcp = HttpConnector::new_with_resolver(GuardedResolver {
            guard: Arc::clone(&guard),
            resolver,
            asker,
        });
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        // Shared among the host's addresses, so that one that does not answer leaves time for the
        // next.
        tcp.set_connect_timeout(Some(*timeout));
        let (tls, clock, timeout) = (Arc::clone(tls), Arc::clone(clock), *timeout);
        Connector { tcp, guard, tls, protocols: Protocols::All, clock, timeout }
    }
}

/// Connector for TCP, with TLS if the scheme asks for it. Its look-ups are one asker's.
#[derive(Clone)]
pub(crate) struct Connector {
    tcp: HttpConnector<GuardedResolver>,
    guard: Arc<Guard>,
    tls: Arc<Tls>,
    protocols: Protocols,
    clock: Arc<dyn Clock>,
    timeout: Duration,
}

impl Connector {
    /// Returns a connector that offers HTTP/1.1 alone.
    pub(crate) fn by_http1(self) -> Self {
        Self { protocols: Protocols::Http1, ..self }
    }

    fn is_forbidden_address(&self, uri: &Uri) -> bool {
        let host = uri.host().unwrap_or_default();
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        bare.parse().is_ok_and(|address: IpAddr| !self.guard.permits(address))
    }

    fn connect(&mut self, uri: Uri) -> Pending<MaybeHttpsStream<TokioIo<TcpStream>>> {
        if uri.scheme() == Some(&http::uri::Scheme::HTTPS) {
            return HttpsConnector::from((self.tcp.clone(), self.tls.config(self.protocols)))
                .call(uri);
        }
        let connecting = self.tcp.call(uri);
        Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) })
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pending<Self::Response>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        // The resolver is not called for an address, so it is checked here.
        if self.is_forbidden_address(&uri) {
            return Box::pin(async { Err(ConnectError::Forbidden.into()) });
        }
        let (clock, timeout) = (self.clock.clone(), self.timeout);
        let connecting = self.connect(uri);
        // The pool finishes connections whose request was sent on another one; this time limit ends
        // them.
        Box::pin(async move {
            tokio::select! {
                biased;
                connected = connecting => connected,
                () = clock.sleep(timeout) => Err(ConnectError::Late.into()),
            }
        })
    }
}

/// Resolver that returns the permitted addresses of a name.
#[derive(Clone)]
struct GuardedResolver {
    guard: Arc<Guard>,
    resolver: Arc<dyn Resolve>,
    asker: Asker,
}

impl Service<Name> for GuardedResolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pending<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let Self { guard, resolver, asker } = self.clone();
        Box::pin(async move {
            let name = name.as_str();
            if guard.rules_out(name) {
                return Err(ConnectError::Forbidden.into());
            }
            let found = resolver.resolve(asker, name).await.map_err(ConnectError::from)?;
            let permitted: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| guard.permits_under(name, *address))
                .map(|address| SocketAddr::new(address, 0))
                .collect();
            if permitted.is_empty() {
                return Err(ConnectError::Forbidden.into());
            }
            Ok(permitted.into_iter())
        })
    }
}
