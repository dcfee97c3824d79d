//! Proxy in front of the emulator, by which something happens amid a command.

use std::{
    io::{self, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use crate::fake;

/// Work that is done once.
type Once = Option<Box<dyn FnOnce() + Send>>;

/// Starts a proxy that does `work` before it hands on the first call of Secrets Manager's `operation` for a
/// secret of an account; returns its URL.
pub(super) fn before_the_first(
    operation: &'static str,
    work: impl FnOnce() + Send + 'static,
) -> String {
    let emulator = settings::environment()["AWS_ENDPOINT_URL"].replace("http://", "");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let work: Arc<Mutex<Once>> = Arc::new(Mutex::new(Some(Box::new(work))));
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (work, emulator) = (Arc::clone(&work), emulator.clone());
            thread::spawn(move || {
                let Some((head, body)) = fake::request(&stream) else { return };
                let is_call = head.contains(&format!("secretsmanager.{operation}\r\n"));
                if is_call && body.windows(5).any(|some| some == b"acct_") {
                    // Whoever repeats the call meanwhile waits for the work, too.
                    let mut work = work.lock().unwrap();
                    if let Some(work) = work.take() {
                        work();
                    }
                }
                // A command that has ended reads no answer.
                _ = hand_on(&emulator, &head, &body, &stream);
            });
        }
    });
    url
}

/// Sends a request on, as the only one of its connection, and what comes back to `caller`.
fn hand_on(emulator: &str, head: &str, body: &[u8], mut caller: &TcpStream) -> io::Result<()> {
    let mut connection = TcpStream::connect(emulator)?;
    let (line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    write!(connection, "{line}\r\nconnection: close\r\n{headers}")?;
    connection.write_all(body)?;
    io::copy(&mut connection, &mut caller).map(drop)
}
