//! Other loads than one account with a webhook, each beside what the floor makes of the same.

use std::time::Duration;

use super::{Customer, Stage, Until, fresh, run::Run, run::used};
use crate::{
    clock,
    failure::Failure,
    flood,
    load::Plan,
    payload, proc,
    report::{Report, say},
    sink::{Arrivals, Order, Sink},
};

/// Bytes that a large event has more than the usual one: 100 kB in all.
const MORE: usize = 99_200;
/// Number of accounts with a webhook each.
const ACCOUNTS: usize = 10_000;
/// Pages a second that are read beside deliveries.
const PAGES: f64 = 20.0;
/// Events that are retried at once, for each second that a load lasts.
const RETRIED: u64 = 5_000;
/// Time from a failed attempt to its retry, and as the server is told. The first attempts take less.
const RETRY: Duration = Duration::from_secs(30);
const SCHEDULE: &str = "3x30s";
/// Webhooks that each waiting event goes to.
const WEBHOOKS: [&str; 8] =
    ["/ok/0", "/ok/1", "/ok/2", "/ok/3", "/ok/4", "/ok/5", "/ok/6", "/ok/7"];

/// Measures this part; `backlog` deliveries wait before they are let go.
pub(crate) async fn measure(
    stage: &mut Stage,
    report: &mut Report,
    backlog: u64,
) -> Result<(), Failure> {
    let usual = payload::event();
    let large = payload::event_with(MORE);
    say("delivering 100 kB each");
    one_webhook(stage, report, "large", "deliveries of 100 kB", &large).await?;
    for (http2, name, what) in [
        (false, "tls_http1", "deliveries over TLS, HTTP/1.1"),
        (true, "tls_http2", "deliveries over TLS, HTTP/2"),
    ] {
        say(what);
        let directory = fresh()?;
        let sink = Sink { certificate: Some(directory.path().join("sink.pem")), http2 };
        let program = stage.program.clone();
        let mut secure = Stage::received_by(program, stage.seconds, &sink).await?;
        one_webhook(&mut secure, report, name, what, &usual).await?;
    }
    say("delivering by the floor");
    let floor = stage.floor(&usual).await?;
    accounts(stage, report).await?;
    pages(stage, report, &floor).await?;
    retries(stage, report, &floor).await?;
    waiting(stage, report, &floor, backlog).await
}

async fn one_webhook(
    stage: &mut Stage,
    report: &mut Report,
    name: &str,
    what: &str,
    event: &str,
) -> Result<(), Failure> {
    let certificate = stage.receiver.sink.certificate.clone();
    let certificate = certificate.as_deref().and_then(|file| file.to_str());
    let trusting: Vec<_> =
        certificate.map(|file| ["--extra-ca-file", file]).into_iter().flatten().collect();
    let (server, _directory) = stage.server_with(&trusting).await?;
    let customer = [stage.customer(&server, &["/ok/0"]).await?];
    let run = stage.deliver(&server, &customer, event, None).await?;
    server.stop().await?;
    let floor = stage.floor(event).await?;
    run.beside(&floor, report, name, what);
    Ok(())
}

/// Measures deliveries of many accounts, by turns. No account uses another's connection, so the floor
/// makes one for each delivery as well.
async fn accounts(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    say(&format!("creating {ACCOUNTS} accounts"));
    let (server, _directory) = stage.server().await?;
    let mut customers = Vec::with_capacity(ACCOUNTS);
    for _ in 0..ACCOUNTS {
        customers.push(stage.customer(&server, &["/ok/0"]).await?);
    }
    say("delivering of all of them");
    let run = stage.deliver(&server, &customers, &payload::event(), None).await?;
    let peak = proc::peak_mib(server.pid()?)?;
    server.stop().await?;
    let floor = stage.floor_with(&payload::event(), &["--connecting"]).await?;
    run.beside(&floor, report, "accounts", "deliveries of 10,000 accounts");
    report.add("accounts_peak_memory", "  peak memory", "MiB", peak);
    Ok(())
}

/// Measures deliveries while somebody reads pages, and the pages.
async fn pages(stage: &mut Stage, report: &mut Report, floor: &Run) -> Result<(), Failure> {
    say("delivering beside somebody who reads");
    let (server, _directory) = stage.server().await?;
    let customer: [Customer; 1] = [stage.customer(&server, &["/ok/0"]).await?];
    let cookie = flood::cookie(&server, &customer[0].id).await?;
    let plan = Plan {
        to: server.address,
        request: flood::page("/dashboard/logs", &cookie),
        accounts: vec![],
        connections: 4,
        until: Until::Seconds(stage.seconds),
        rate: Some(PAGES),
        first: 0,
    };
    let (program, event) = (stage.program.clone(), payload::event());
    let (run, read) =
        tokio::join!(stage.deliver(&server, &customer, &event, None), program.load(&plan));
    let (run, read) = (run?, read?);
    if read.refused() > 0 {
        return Err(Failure::of("not every page was shown", format!("{:?}", read.answers)));
    }
    run.beside(floor, report, "read", "deliveries beside 20 pages a second");
    report.add("page_p50", "  p50 of a page of the log", "ms", read.p50_ms);
    report.add("page_p99", "  p99 of it", "ms", read.p99_ms);
    server.stop().await.map(drop)
}

/// Measures retries that are all due when the server starts.
async fn retries(stage: &mut Stage, report: &mut Report, floor: &Run) -> Result<(), Failure> {
    say("failing deliveries, to be retried at once");
    let settings = ["--retry-schedule", SCHEDULE];
    let (server, directory) = stage.server_with(&settings).await?;
    let customer = stage.customer(&server, &["/ok/0"]).await?;
    stage.sink.order::<Arrivals>(&Order::Refuse).await?;
    let count = u32::try_from(RETRIED * stage.seconds).unwrap_or(u32::MAX);
    let mut sent = stage.post(&server, &customer, Until::Count(count), None).await?;
    stage.arrived(sent.succeeded()).await?;
    server.stop().await?;
    clock::sleep(RETRY).await;
    stage.sink.order::<Arrivals>(&Order::Answer).await?;
    sent.began = clock::unix_nanos();
    let server = stage.program.serve(directory.path(), &settings).await?;
    let arrived = stage.arrived(sent.succeeded()).await?;
    let run = Run::since((0.0, 0), server.pid()?, sent, arrived)?;
    run.beside(floor, report, "retried", "retries, all due at the start");
    server.stop().await.map(drop)
}

/// Measures deliveries that waited for a receiver which did not answer.
async fn waiting(
    stage: &mut Stage,
    report: &mut Report,
    floor: &Run,
    backlog: u64,
) -> Result<(), Failure> {
    say(&format!("letting {backlog} deliveries wait, and then go"));
    // None of those under way may fail meanwhile.
    let (server, _directory) = stage.server_with(&["--delivery-timeout", "5m"]).await?;
    let customer = stage.customer(&server, &WEBHOOKS).await?;
    stage.sink.order::<Arrivals>(&Order::Hold).await?;
    let events = backlog.div_ceil(customer.webhooks);
    let events = Until::Count(u32::try_from(events).unwrap_or(u32::MAX));
    let mut sent = stage.post(&server, &customer, events, None).await?;
    let under_way = stage.sink.order::<Arrivals>(&Order::Tell).await?.distinct;
    let before = used(server.pid()?)?;
    sent.began = clock::unix_nanos();
    stage.sink.order::<Arrivals>(&Order::Answer).await?;
    let arrived = stage.arrived(sent.succeeded() * customer.webhooks - under_way).await?;
    let run = Run::since(before, server.pid()?, sent, arrived)?;
    run.beside(floor, report, "waited", "deliveries that waited");
    let peak = proc::peak_mib(server.pid()?)?;
    report.add("waited_peak_memory", "  peak memory", "MiB", peak);
    server.stop().await.map(drop)
}
