//! Floor of the bench: the least that the server's own libraries can do for a delivery.
//!
//! A request's body is inserted as a row and accepted once that is on the disk; then it is signed and
//! posted to the sink; then its row is deleted and a row of a log inserted. Whoever waits for the disk
//! shares a commit. There are no accounts, no JSON, no retries and no indexes: what a server needs more
//! than this is what those cost.

use std::{
    convert::Infallible,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use clap::Args;
use http::{Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use ring::hmac;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, oneshot},
};

use crate::{failure::Failure, tls};

/// Deliveries at once: as many as the server makes to one webhook.
const AT_ONCE: usize = 64;
/// Most changes that share a commit.
const BATCH: usize = 512;
/// Length of a log row in bytes.
const LOG_ROW: usize = 400;

/// Place of the floor among the processes of a bench.
#[derive(Clone, Args)]
pub(crate) struct Floor {
    /// Receiver of the deliveries
    #[arg(long)]
    sink: Uri,
    /// Certificate of the receiver
    #[arg(long)]
    certificate: Option<PathBuf>,
    /// Post by HTTP/2
    #[arg(long)]
    http2: bool,
    /// Post each delivery over a connection of its own
    #[arg(long)]
    connecting: bool,
    /// File of the database, which must not exist
    #[arg(long)]
    database: PathBuf,
}

/// Serves until it is killed.
///
/// # Errors
/// [`Failure`], when the machine refuses a port or a file.
pub(crate) async fn run(floor: &Floor) -> Result<(), Failure> {
    let connector = tls::connector(floor.certificate.as_deref(), floor.http2)?;
    let mut client = Client::builder(TokioExecutor::new());
    if floor.connecting {
        client.pool_max_idle_per_host(0);
    }
    let server = Arc::new(Server {
        changes: start_writer(floor.database.clone())?,
        client: client.http2_only(floor.http2).build(connector),
        sink: floor.sink.clone(),
        key: hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]),
        turns: Semaphore::new(AT_ONCE),
        next: AtomicU64::new(1),
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let accept = service_fn(move |request| Arc::clone(&server).accept(request));
            // A broken connection is the client's problem.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), accept).await;
        });
    }
}

struct Server {
    changes: mpsc::Sender<Change>,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    sink: Uri,
    key: hmac::Key,
    turns: Semaphore,
    next: AtomicU64,
}

impl Server {
    async fn accept(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let mut answer = Response::new(Full::from("{}"));
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        *answer.status_mut() = match request.into_body().collect().await {
            Err(_) => StatusCode::BAD_REQUEST,
            Ok(body) => {
                let body = body.to_bytes();
                if self.is_kept(number, What::Accepted(body.clone())).await {
                    tokio::spawn(self.deliver(number, body));
                    StatusCode::ACCEPTED
                } else {
                    StatusCode::SERVICE_UNAVAILABLE
                }
            }
        };
        Ok(answer)
    }

    async fn deliver(self: Arc<Self>, number: u64, body: Bytes) {
        let Ok(_turn) = self.turns.acquire().await else { return };
        let mut signed = hmac::Context::with_key(&self.key);
        signed.update(format!("{number}.1700000000.").as_bytes());
        signed.update(&body);
        let signature = format!("v1,{}", BASE64_STANDARD.encode(signed.sign()));
        let request = Request::post(self.sink.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", number)
            .header("webhook-timestamp", "1700000000")
            .header("webhook-signature", signature)
            .body(Full::new(body));
        let Ok(request) = request else { return };
        // The sink counts what arrives: a delivery that does not ends the bench there.
        let Ok(answer) = self.client.request(request).await else { return };
        if answer.into_body().collect().await.is_ok() {
            self.is_kept(number, What::Delivered).await;
        }
    }

    /// Returns whether a change is on the disk, once it is.
    async fn is_kept(&self, number: u64, what: What) -> bool {
        let (kept, is_kept) = oneshot::channel();
        self.changes.send(Change { number, what, kept }).await.is_ok() && is_kept.await.is_ok()
    }
}

struct Change {
    number: u64,
    what: What,
    kept: oneshot::Sender<()>,
}

enum What {
    Accepted(Bytes),
    Delivered,
}

/// Starts the thread that writes; it ends with the senders of changes, or when a commit fails.
fn start_writer(database: PathBuf) -> Result<mpsc::Sender<Change>, Failure> {
    let opened = Connection::open(database).and_then(|connection| {
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.execute_batch(
            "CREATE TABLE waiting (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
             CREATE TABLE log (number INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
        )?;
        Ok(connection)
    });
    let mut connection = opened.map_err(|why| Failure::of("the floor's database", why))?;
    let (changes, mut waiting) = mpsc::channel(2 * BATCH);
    std::thread::spawn(move || {
        while let Some(first) = waiting.blocking_recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH
                && let Ok(change) = waiting.try_recv()
            {
                batch.push(change);
            }
            if let Err(why) = commit(&mut connection, &batch) {
                eprintln!("bench: the floor can't write: {why}");
                return;
            }
            for change in batch {
                // Whoever waited may have gone.
                let _ = change.kept.send(());
            }
        }
    });
    Ok(changes)
}

fn commit(connection: &mut Connection, batch: &[Change]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    batch.iter().try_for_each(|change| write(&transaction, change))?;
    transaction.commit()
}

fn write(transaction: &Transaction<'_>, change: &Change) -> rusqlite::Result<()> {
    let insert = |into, body: &[u8]| {
        transaction.prepare_cached(into)?.execute(params![change.number.cast_signed(), body])
    };
    match &change.what {
        What::Accepted(body) => insert("INSERT INTO waiting VALUES (?1, ?2)", body)?,
        What::Delivered => {
            let delete = "DELETE FROM waiting WHERE number = ?1";
            transaction.prepare_cached(delete)?.execute([change.number.cast_signed()])?;
            insert("INSERT INTO log VALUES (?1, ?2)", &[b'x'; LOG_ROW])?
        }
    };
    Ok(())
}
