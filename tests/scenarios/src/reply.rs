//! Replies of a receiver.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use tokio::sync::watch;

use crate::clock;

/// Reply of a receiver to one request.
#[derive(Debug, Clone)]
pub struct Reply {
    when: When,
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

#[derive(Debug, Clone)]
enum When {
    AtOnce,
    Never,
    Opened(Gate),
}

#[derive(Debug, Clone)]
enum Body {
    Whole(Bytes),
    /// Body of that many bytes, as fast as they are read.
    Long(u64),
    /// Body of a byte a second, for ever.
    Dripping,
}

/// Gate that holds answers back until it is opened.
#[derive(Debug, Clone)]
pub struct Gate(watch::Sender<bool>);

pub(crate) type ReplyBody = UnsyncBoxBody<Bytes, Infallible>;

impl Reply {
    /// Reply with that status and a short body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        let body = Body::Whole(Bytes::from_static(b"{\"received\":true}"));
        Self { when: When::AtOnce, status, headers: vec![], body }
    }

    /// Reply with status 200.
    #[must_use]
    pub fn ok() -> Self {
        Self::status(200)
    }

    /// No reply, on a connection that stays open.
    #[must_use]
    pub fn hanging() -> Self {
        Self { when: When::Never, ..Self::ok() }
    }

    /// Reply with status 200, once `gate` is open.
    #[must_use]
    pub fn behind(gate: &Gate) -> Self {
        Self { when: When::Opened(gate.clone()), ..Self::ok() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        Self { body: Body::Whole(body.into()), ..self }
    }

    /// Sets a body of that many bytes, sent as fast as they are read.
    #[must_use]
    pub fn long_body(self, bytes: u64) -> Self {
        Self { body: Body::Long(bytes), ..self }
    }

    /// Sets a body of a byte a second, for ever.
    #[must_use]
    pub fn dripping_body(self) -> Self {
        Self { body: Body::Dripping, ..self }
    }

    pub(crate) async fn response(self) -> Response<ReplyBody> {
        match &self.when {
            When::AtOnce => {}
            When::Never => std::future::pending().await,
            When::Opened(gate) => gate.opened().await,
        }
        let mut response = Response::new(self.body.stream());
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        for (name, value) in self.headers {
            response.headers_mut().append(HeaderName::from_static(name), value.parse().unwrap());
        }
        response
    }
}

impl Body {
    fn stream(self) -> ReplyBody {
        match self {
            Self::Whole(bytes) => Full::new(bytes).boxed_unsync(),
            Self::Long(bytes) => long(bytes),
            Self::Dripping => dripping(),
        }
    }
}

const CHUNK: &[u8] = &[b'x'; 64 * 1024];

fn long(bytes: u64) -> ReplyBody {
    let chunks = stream::unfold(bytes, |left| async move {
        let take = usize::try_from(left).unwrap().min(CHUNK.len());
        let frame = Frame::data(Bytes::from_static(&CHUNK[..take]));
        (take > 0).then_some((Ok::<_, Infallible>(frame), left - take as u64))
    });
    StreamBody::new(chunks).boxed_unsync()
}

fn dripping() -> ReplyBody {
    let drops = stream::unfold((), |()| async {
        clock::pass(Duration::from_secs(1)).await;
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"."))), ()))
    });
    StreamBody::new(drops).boxed_unsync()
}

impl Gate {
    /// Creates a closed gate.
    #[must_use]
    pub fn closed() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Opens the gate, for good.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    async fn opened(&self) {
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
