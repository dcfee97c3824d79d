//! `latchhook listen`: a receiver of webhooks for developers, to be kept open in a second terminal.

mod forward;
mod report;
mod scenario;
mod verifier;

use std::{io::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use domain::Secret;
use http::{StatusCode, Uri};
use tokio::net::TcpListener;

use self::{
    forward::{Forward, Forwarded},
    report::Report,
    scenario::{BadReceiver, Reaction, Scenario},
    verifier::Verifier,
};
use crate::{
    client::Trust,
    context::Context,
    failure::Failure,
    output::Tone,
    receiver::{self, Arrived},
    system,
};

const EXAMPLES: &str = "\
Examples:
  latchhook listen --secret whsec_…
  latchhook listen --port 9000 --forward http://127.0.0.1:3000/hooks
  latchhook listen --forward https://localhost:3000/hooks --insecure
  latchhook listen --status 503                    see how Latchhook tries again
  latchhook listen --scenario 503-then-200         see it succeed the second time
  latchhook listen --json | jq .body.type

A server on the same machine delivers here only if it may:
  latchhook serve --allow-networks 127.0.0.0/8";

/// Arguments of `latchhook listen`.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Port to listen on; 0 takes any free port
    #[arg(long, short, default_value_t = 9000)]
    port: u16,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    host: std::net::IpAddr,
    /// The webhook's signing secret, whsec_…, or public key, whpk_… [env: LATCHHOOK_SIGNING_SECRET]
    #[arg(long)]
    secret: Option<String>,
    /// Pass everything on to this URL as it came, and give its answer back: status, headers and
    /// body
    #[arg(long, value_name = "URL", value_hint = clap::ValueHint::Url, value_parser = forward::url)]
    forward: Option<Uri>,
    /// DANGEROUS: accept any certificate of an https:// target, self-signed or forged. Whoever is
    /// on the way can then read and change what is forwarded. Only for a target on your own machine
    /// or network
    #[arg(long, requires = "forward")]
    insecure: bool,
    /// Status to answer with, when nothing is forwarded
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(200..600))]
    status: u16,
    /// Answer as a bad receiver does, to see what becomes of its deliveries
    #[arg(long, conflicts_with_all = ["forward", "status"])]
    scenario: Option<Scenario>,
    /// Print one line for each request, without its body
    #[arg(long, short)]
    brief: bool,
    /// Print JSON, one object a request
    #[arg(long)]
    json: bool,
}

/// Receives until it is interrupted.
///
/// # Errors
/// [`Failure`], when an argument is wrong or the port is taken.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let verifier = verifier(&args, context)?;
    let trust = if args.insecure { Trust::Anybody } else { Trust::System };
    let manner = match (&args.forward, args.scenario) {
        (Some(uri), _) => Manner::Forward(Box::new(Forward::to(uri.clone(), trust))),
        (None, Some(scenario)) => Manner::Bad(BadReceiver::new(scenario)),
        (None, None) => Manner::Always(StatusCode::from_u16(args.status).unwrap_or_default()),
    };
    let listener = TcpListener::bind(SocketAddr::from((args.host, args.port))).await;
    let listener = listener
        .map_err(|why| Failure::of(&format!("listening on {}:{}", args.host, args.port), why))?;
    let address = listener.local_addr().map_err(|why| Failure::of("listening", why))?;
    tell(&welcome(address, verifier.is_some(), args.forward.as_ref()));
    if args.insecure {
        tell(
            "WARNING: --insecure accepts any certificate; anybody on the way can read and change what is forwarded.",
        );
    }
    let listening = Listening { verifier, manner };
    print_all(listener, listening, &args, context).await
}

/// Says something beside the output. Listening goes on where nobody reads it.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

async fn print_all(
    listener: TcpListener,
    listening: Listening,
    args: &Args,
    context: &Context,
) -> Result<(), Failure> {
    let (reports, mut printed) = tokio::sync::mpsc::unbounded_channel();
    let listening = Arc::new(listening);
    let serving = receiver::serve(listener, move |arrived| {
        let (listening, reports) = (Arc::clone(&listening), reports.clone());
        async move {
            let (report, reaction) = listening.take(arrived).await;
            // The printer is gone only when the whole command is ending.
            let _ = reports.send(report);
            match reaction {
                Reaction::Answer(answer, Duration::ZERO) => answer,
                Reaction::Answer(answer, after) => {
                    system::sleep(after).await;
                    answer
                }
                // Until the sender hangs up.
                Reaction::Silence => std::future::pending().await,
            }
        }
    });
    let printing = async {
        while let Some(report) = printed.recv().await {
            if args.json {
                context.output.json(&report)?;
            } else {
                context.output.line(report.for_people(&context.output, args.brief))?;
            }
        }
        Ok::<(), Failure>(())
    };
    tokio::select! {
        stopped = serving => match stopped {
            Err(why) => Err(Failure::of("listening", why)),
            Ok(never) => match never {},
        },
        printed = printing => printed,
    }
}

/// Options for handling a request.
struct Listening {
    verifier: Option<Verifier>,
    manner: Manner,
}

/// Manner in which requests are answered.
enum Manner {
    /// With this status.
    Always(StatusCode),
    /// With what a target answers.
    Forward(Box<Forward>),
    /// As a bad receiver does.
    Bad(BadReceiver),
}

impl Listening {
    async fn take(&self, arrived: Arrived) -> (Report, Reaction) {
        let mut report = Report::of(&arrived, self.verifier.as_ref(), system::now());
        let reaction = match &self.manner {
            Manner::Always(status) => Reaction::at_once(receiver::bare(*status)),
            Manner::Bad(receiver) => receiver.reacts(&arrived),
            Manner::Forward(forward) => {
                let Forwarded { answer, problem } = forward.pass_on(arrived).await;
                report.forward_error = problem;
                Reaction::at_once(answer)
            }
        };
        report.status = reaction.status();
        (report, reaction)
    }
}

fn verifier(args: &Args, context: &Context) -> Result<Option<Verifier>, Failure> {
    let text = args.secret.as_deref().or_else(|| context.var("LATCHHOOK_SIGNING_SECRET"));
    let Some(text) = text.map(Secret::new) else { return Ok(None) };
    let parsed = Verifier::parse(text.expose());
    parsed.map(Some).map_err(|why| Failure::Usage(format!("--secret: {why}")))
}

fn welcome(address: SocketAddr, verifies: bool, target: Option<&Uri>) -> String {
    let verifies = if verifies {
        "Signatures are verified."
    } else {
        "Without --secret, signatures are not verified."
    };
    let forwards = target.map(|uri| format!(" Forwarding to {}.", forward::target(uri)));
    let forwards = forwards.unwrap_or_default();
    format!("Listening on http://{address}/  {verifies}{forwards}")
}

/// Returns the colour of a verdict.
const fn tone(verified: Option<bool>) -> Tone {
    match verified {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Quiet,
    }
}

#[cfg(test)]
mod tests;
