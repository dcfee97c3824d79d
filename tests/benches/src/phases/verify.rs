//! Verifying API keys, beside a bare server that answers a constant.

use serde_json::json;

use super::{CONNECTIONS, Stage, Until, customer, rate, text};
use crate::{
    failure::Failure,
    load::{Done, Plan},
    payload,
    processes::{Program, Server},
    report::{Report, say},
};

/// Measures this part.
pub(crate) async fn measure(stage: &mut Stage, report: &mut Report) -> Result<(), Failure> {
    say("verifying keys");
    let (server, _directory) = stage.server().await?;
    let bare = stage.program.helper("bare").await?;
    let mut plan = plan(&server, stage.seconds).await?;
    let ours = sent(&stage.program, &plan).await?;
    plan.to = bare.address;
    let bare = sent(&stage.program, &plan).await?;
    let (ours_rate, bare_rate) = (per_second(&ours), per_second(&bare));
    report.add("verify_rate", "keys verified", "1/s", ours_rate);
    report.add("bare_rate", "answers of a bare hyper server", "1/s", bare_rate);
    report.add("verify_ratio", "verified / bare", "", ours_rate / bare_rate);
    report.add("verify_p99", "p99 of a verification", "ms", ours.p99_ms);
    server.stop().await.map(drop)
}

/// Request for both servers: verification of a valid key.
async fn plan(server: &Server, seconds: u64) -> Result<Plan, Failure> {
    let account = customer(server, Vec::new()).await?;
    let wanted = json!({"type": "secret", "environment": "test"});
    let key = server.call("POST /v1/api_keys", Some(&account.id), &wanted).await?;
    let body = json!({"key": text(&key, "key")?}).to_string();
    let (asked, account) = ("POST /v1/api_keys/verify", Some(account.id.as_str()));
    Ok(Plan {
        to: server.address,
        request: payload::request(asked, &server.token, account, &body),
        accounts: vec![],
        connections: CONNECTIONS,
        until: Until::Seconds(seconds),
        rate: None,
        first: 0,
    })
}

async fn sent(program: &Program, plan: &Plan) -> Result<Done, Failure> {
    let done = program.load(plan).await?;
    if done.refused() > 0 {
        return Err(Failure::of("not every key was verified", format!("{:?}", done.answers)));
    }
    Ok(done)
}

fn per_second(done: &Done) -> f64 {
    rate(done.succeeded(), done.began, done.ended)
}
