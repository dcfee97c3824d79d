//! Stalling: connections that begin something and do not end it.

use std::{io, rc::Rc, time::Duration};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::Shared;
use crate::clock;

/// Pause before a connection that was closed is opened anew.
const BEFORE_THE_NEXT: Duration = Duration::from_millis(10);

/// Opens a connection, sends `begin`, and then a byte every `drip` milliseconds or none; again, for
/// ever, whenever the server closes it.
pub(super) async fn stall(shared: Rc<Shared>, begin: Rc<str>, drip: Option<u64>) {
    loop {
        // An error is the server's answer to such a connection.
        let _ = one(&shared, &begin, drip.map(Duration::from_millis)).await;
        shared.answered(None);
        clock::sleep(BEFORE_THE_NEXT).await;
    }
}

async fn one(shared: &Shared, begin: &str, drip: Option<Duration>) -> io::Result<()> {
    let (mut reader, mut writer) = shared.connect().await?.into_split();
    writer.write_all(begin.as_bytes()).await?;
    let mut ignored = Vec::new();
    let mut closed = std::pin::pin!(reader.read_to_end(&mut ignored));
    let Some(drip) = drip else { return closed.await.map(drop) };
    loop {
        tokio::select! {
            ended = &mut closed => return ended.map(drop),
            () = clock::sleep(drip) => writer.write_all(b"a").await?,
        }
    }
}
