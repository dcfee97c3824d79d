//! Bare server to compare `verify` with: hyper, reading a body and answering a constant.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::failure::Failure;

/// Answer of the same length as that of a verification.
const ANSWER: &str = r#"{"object":"verification","valid":true,"code":"valid","account_id":"acct_01arz3ndektsv4rrffq69g5fav","account_external_id":null,"key_id":"key_01arz3ndektsv4rrffq69g5fav","environment":"test","type":"secret","expires_at":null}"#;

/// Serves until it is killed.
///
/// # Errors
/// [`Failure`], when the machine refuses a port.
pub(crate) async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let http = http1::Builder::new();
            // A broken connection is the client's problem.
            let _ = http.serve_connection(TokioIo::new(stream), service_fn(answer)).await;
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    // A body that can't be read is ignored: its client never sees an answer.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::from(ANSWER));
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(response)
}
