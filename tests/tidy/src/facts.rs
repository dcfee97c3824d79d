//! Facts that papers quote from the code: numbers, limits, and which crates there are.
//!
//! Markdown can't compute a number, so each quotation stands in [`QUOTED`] beside the line of code
//! it was taken from. Changing that line fails this test, which names the sentence to change.

use crate::checkout::{File, files, files_of, none};

/// A phrase of a paper, and the line of code that makes it true.
struct Quoted {
    paper: &'static str,
    phrase: &'static str,
    source: &'static str,
    code: &'static str,
}

const fn quoted(
    paper: &'static str,
    phrase: &'static str,
    source: &'static str,
    code: &'static str,
) -> Quoted {
    Quoted { paper, phrase, source, code }
}

const QUOTED: &[Quoted] = &[
    quoted(
        "docs/api.md",
        "a minute with more than 1,000",
        "shared/app/src/resources/delivery_stats/edges.rs",
        "const MOST_ROWS: usize = 1_000;",
    ),
    quoted(
        "docs/api.md",
        "the newest 1,000 events about an object",
        "shared/app/src/resources/logs/of_events.rs",
        "const MOST_EVENTS: usize = 1_000;",
    ),
    quoted(
        "docs/api.md",
        "held against 5,000 rows a request at most",
        "shared/app/src/paging.rs",
        "const MOST_EXAMINED: usize = 5_000;",
    ),
    quoted(
        "docs/decisions.md",
        "at most twelve times",
        "shared/app/src/work.rs",
        "const MOST_TRIES: usize = 12;",
    ),
    quoted(
        "docs/decisions.md",
        "stay in memory for five minutes at most",
        "shared/app/src/delivery/target.rs",
        "const KEPT_FOR: Duration = Duration::from_mins(5);",
    ),
    quoted(
        "docs/api.md",
        "there are more than fifty, they stand for five seconds",
        "shared/app/src/resources/delivery_health/ranking.rs",
        "const FEW: usize = 50;",
    ),
    quoted(
        "docs/api.md",
        "there are more than fifty, they stand for five seconds",
        "shared/app/src/resources/delivery_health/ranking.rs",
        "const STANDS: Duration = Duration::from_secs(5);",
    ),
    quoted(
        "docs/api.md",
        "`per_page` is 1 to 100, 25 by default",
        "shared/app/src/http/list.rs",
        "const LARGEST_PAGE: usize = 100;",
    ),
    quoted(
        "docs/api.md",
        "`per_page` is 1 to 100, 25 by default",
        "shared/app/src/http/list.rs",
        "const USUAL_PAGE: usize = 25;",
    ),
    quoted(
        "docs/api.md",
        "A body may have 256 KiB",
        "shared/app/src/http/extract.rs",
        "pub const LARGEST_BODY: usize = 256 * 1024;",
    ),
    quoted(
        "docs/api.md",
        "is remembered for 24 hours",
        "shared/app/src/work/idempotency.rs",
        "const KEPT_FOR: Duration = Duration::from_hours(24);",
    ),
    quoted(
        "docs/api.md",
        "good once and for ten minutes",
        "shared/app/src/resources/portal_sessions/open.rs",
        "const CODE_LASTS: Duration = Duration::from_mins(10);",
    ),
    quoted(
        "docs/api.md",
        "50 a second",
        "shared/app/src/resources/webhooks/recover.rs",
        "const PACE: Duration = Duration::from_millis(20);",
    ),
    quoted(
        "docs/api.md",
        "failed everything it was sent for 60 days",
        "shared/domain/src/delivery/health.rs",
        "const FAILING_TOO_LONG: Duration = Duration::from_hours(60 * 24);",
    ),
    quoted(
        "docs/api.md",
        "in batches of up to 500",
        "shared/app/src/resources/logs/report.rs",
        "const MOST_REPORTED: usize = 500;",
    ),
    quoted(
        "docs/api.md",
        "the first KiB",
        "shared/sender/src/http/answer.rs",
        "const EXCERPT_BYTES: usize = 1024;",
    ),
    quoted(
        "SECURITY.md",
        "only the first KiB is kept, and no more than 64 KiB are read",
        "shared/sender/src/http/answer.rs",
        "const DRAIN_BYTES: usize = 64 * 1024;",
    ),
    quoted(
        "SECURITY.md",
        "are passed over up to 256 of them and 64 KiB",
        "shared/sender/src/http/interim.rs",
        "const MOST: usize = 256; const MOST_BYTES: usize = 64 * 1024;",
    ),
    quoted(
        "docs/operations.md",
        "gets a quarter of it",
        "shared/standalone/src/http/limits.rs",
        "self.body_bytes / 4",
    ),
    quoted(
        "infra/README.md",
        "unwinding on a panic",
        "Cargo.toml",
        "codegen-units = 1 panic = \"unwind\"",
    ),
    quoted(
        "docs/operations.md",
        "looks at the file every ten seconds",
        "shared/standalone/src/ring.rs",
        "const PERIOD: Duration = Duration::from_secs(10);",
    ),
    quoted(
        "docs/operations.md",
        "75 minutes before they are used",
        "shared/sealed/src/rings.rs",
        "pub const NOTICE: Duration = Duration::from_mins(75);",
    ),
    quoted(
        "docs/operations.md",
        "for 24 hours after the rotation",
        "shared/app/src/resealing.rs",
        "pub const LONGEST: Duration = Duration::from_hours(24);",
    ),
    quoted(
        "docs/operations.md",
        "250 documents a transaction",
        "shared/standalone/src/upkeep.rs",
        "const BATCH: usize = 250;",
    ),
    quoted(
        "docs/api.md",
        "the first 64 lines are there, 256 characters of each",
        "shared/sender/src/http/answer/headers.rs",
        "const MAX_LINES: usize = 64;",
    ),
    quoted(
        "docs/api.md",
        "the first 64 lines are there, 256 characters of each",
        "shared/sender/src/http/answer/headers.rs",
        "const MAX_VALUE_CHARS: usize = 256;",
    ),
    quoted(
        "docs/operations.md",
        "are kept for four seconds after an answer, 64 at most for each host",
        "shared/sender/src/http.rs",
        "const MAX_IDLE: Duration = Duration::from_secs(4);",
    ),
    quoted(
        "docs/operations.md",
        "are kept for four seconds after an answer, 64 at most for each host",
        "shared/sender/src/http/pool.rs",
        "const MAX_IDLE_PER_HOST: usize = 64;",
    ),
    quoted(
        "docs/operations.md",
        "a fifth of the time-out, five seconds at most",
        "shared/sender/src/http/pool.rs",
        "const MAX_SILENCE: Duration = Duration::from_secs(5);",
    ),
    quoted(
        "docs/operations.md",
        "by HTTP/1.1, and everything else for an hour",
        "shared/sender/src/http/pool.rs",
        "const HTTP1_FOR: Duration = Duration::from_hours(1);",
    ),
    quoted(
        "docs/api.md",
        "One statement reads 100,000 events",
        "shared/app/src/settings.rs",
        "pub const STATEMENT_EVENTS: usize = 100_000;",
    ),
    quoted(
        "docs/agents.md",
        "25 things at most",
        "functions/latchhook/src/commands/mcp/tools.rs",
        "const MOST: usize = 25;",
    ),
    quoted(
        "docs/agents.md",
        "five attempts",
        "functions/latchhook/src/commands/mcp/tools/explain_delivery.rs",
        "const ATTEMPTS: usize = 5;",
    ),
    quoted(
        "docs/agents.md",
        "the first 600 characters",
        "functions/latchhook/src/commands/mcp/untrusted.rs",
        "const BODY: usize = 600;",
    ),
];

#[test]
fn papers_quote_the_numbers_that_stand_in_the_code() {
    let files = files();
    let unwrapped = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        file.map(|file| file.text.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let says = |path: &str, words: &str| unwrapped(path).is_some_and(|text| text.contains(words));
    none(
        "change the paper and its line in QUOTED together with the code",
        QUOTED.iter().flat_map(|quoted| {
            let paper = (!says(quoted.paper, quoted.phrase))
                .then(|| format!("{} no longer says {:?}", quoted.paper, quoted.phrase));
            let code = (!says(quoted.source, quoted.code))
                .then(|| format!("{} no longer has {:?}", quoted.source, quoted.code));
            paper.into_iter().chain(code)
        }),
    );
}

#[test]
fn architecture_lists_every_crate() {
    let architecture = paper("ARCHITECTURE.md");
    let table = architecture.text.split("## The crates").nth(1).unwrap();
    let table = table.split("## Decisions").next().unwrap();
    let folders = files_of("toml")
        .into_iter()
        .filter_map(|file| file.path.strip_suffix("/Cargo.toml").map(str::to_owned));
    let is_listed = |folder: &String| {
        let (parent, name) = folder.split_once('/').unwrap();
        table.contains(&format!("[{folder}]"))
            || (parent == "functions"
                && table
                    .lines()
                    .any(|line| line.starts_with("| functions/{") && line.contains(name)))
    };
    none(
        "say in ARCHITECTURE.md's table what the crate is, and what it never does",
        folders.filter(|folder| !is_listed(folder)),
    );
}

#[test]
fn papers_draw_the_same_graph_as_the_manifest() {
    let graph = drawn(&paper("Cargo.toml"));
    none(
        "draw the crate graph as Cargo.toml does",
        ["ARCHITECTURE.md", "CONTRIBUTING.md"].into_iter().filter_map(|path| {
            let here = drawn(&paper(path));
            (here != graph).then(|| format!("{path} draws {here:?}, Cargo.toml {graph:?}"))
        }),
    );
}

fn paper(path: &str) -> File {
    files().into_iter().find(|file| file.path == path).unwrap()
}

/// The layers of crates in the first `domain <- ports <- {…} <- {…} <- functions`, each sorted.
fn drawn(file: &File) -> Vec<Vec<String>> {
    let text = file.text.replace("# ", "");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let drawing = text.split("domain <- ports <- {").nth(1).unwrap_or_default();
    let drawing = drawing.split("} <- functions").next().unwrap_or_default();
    let layers = drawing.split("} <- {").map(|layer| {
        let mut crates: Vec<String> = layer.split(", ").map(str::to_owned).collect();
        crates.sort();
        crates
    });
    layers.collect()
}
