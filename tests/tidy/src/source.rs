//! Layout rules of the code.

use crate::checkout::{File, files_of, none};

/// Most lines of a Rust file; a longer one holds more than one idea.
const LINES: usize = 400;

/// Most lines of a Rust file that holds only tests: a table of cases reads better in one piece.
const TEST_LINES: usize = 600;

/// Most lines of a `main.rs` under `functions/`, which only wires and runs.
const MAIN_LINES: usize = 60;

#[test]
fn files_stay_short() {
    none(
        "split it: one idea a file",
        files_of("rs").iter().filter_map(|file| {
            let limit = if is_test(&file.path) { TEST_LINES } else { LINES };
            over(file, limit)
        }),
    );
}

#[test]
fn mains_only_wire() {
    let mains = files_of("rs")
        .into_iter()
        .filter(|file| file.path.starts_with("functions/") && file.path.ends_with("/main.rs"));
    none(
        "move what it does into a module or a crate",
        mains.filter_map(|main| over(&main, MAIN_LINES)),
    );
}

#[test]
fn every_crate_says_what_it_is() {
    let roots = files_of("rs").into_iter().filter(|file| {
        ["/src/lib.rs", "/src/main.rs"].iter().any(|root| file.path.ends_with(root))
    });
    none(
        "a crate's root starts with `//!`",
        roots.filter(|root| !root.text.starts_with("//! ")).map(|root| root.path),
    );
}

#[test]
fn every_crate_inherits_the_lints() {
    let manifests = files_of("toml").into_iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    none(
        "add `[lints] workspace = true`",
        manifests
            .filter(|manifest| !manifest.text.contains("[lints]\nworkspace = true\n"))
            // A workspace of its own, whose programs are one macro of libFuzzer each.
            .filter(|manifest| !manifest.path.ends_with("/cargo-fuzz/Cargo.toml"))
            .map(|manifest| manifest.path),
    );
}

#[test]
fn no_test_is_skipped() {
    none("a test that is not run is not a test", lines_with(&[concat!("#[", "ignore")], |_| true));
}

/// Tests wait for a condition with a time limit. The one place that implements this may sleep
/// between two checks.
#[test]
fn no_test_sleeps() {
    let sleeps = [concat!("thread::", "sleep("), concat!("time::", "sleep(")];
    none(
        "wait for what is expected, in `clock.rs`, or move the simulated clock",
        lines_with(&sleeps, |path| is_test(path) && !path.ends_with("/clock.rs")),
    );
}

#[test]
fn domain_ports_and_app_never_bypass_the_ports() {
    let around = [
        "Instant::now(",
        "SystemTime::now(",
        "Timestamp::now(",
        "thread::spawn(",
        "tokio::spawn(",
        "spawn_blocking(",
        "std::env::",
        "std::fs::",
        "std::net::Tcp",
    ];
    let decides = |path: &str| {
        ["shared/domain/src/", "shared/ports/src/", "shared/app/src/"]
            .iter()
            .any(|folder| path.starts_with(folder))
    };
    none("ask a port for it", lines_with(&around, decides));
}

/// A use case is called by whatever has a caller's access: a route, the page, a queue.
#[test]
fn use_cases_know_nothing_of_http() {
    let http_side = ["/http.rs", "/representation.rs", "/input.rs"];
    let is_use_case = |path: &str| {
        path.starts_with("shared/app/src/resources/")
            && !http_side.iter().any(|file| path.ends_with(file))
            && path.matches('/').count() > "shared/app/src/resources/".matches('/').count()
    };
    let of_http = ["axum", "http::", "    http,", "::extract", "StatusCode", "utoipa"];
    none("leave it to the resource's http.rs", lines_with(&of_http, is_use_case));
}

/// The system's resolver blocks a thread while a name server is silent, and applies search domains.
/// Only code that looks up the operator's own names may use it.
#[test]
fn names_that_customers_choose_never_reach_the_systems_resolver() {
    let lookups =
        ["lookup_host(", "to_socket_addrs(", "ToSocketAddrs", "GaiResolver", "Connector::new()"];
    let of_the_operator = ["functions/latchhook/src/client/", "shared/aws/src/wire.rs"];
    let ships = |path: &str| {
        path.contains("/src/")
            && !is_test(path)
            && !of_the_operator.iter().any(|place| path.starts_with(place))
    };
    none("ask the `Resolve` port, for whoever asks", lines_with(&lookups, ships));
}

/// Returns whether a file holds tests, or code that only tests need.
fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

fn over(file: &File, limit: usize) -> Option<String> {
    let lines = file.text.lines().count();
    (lines > limit).then(|| format!("{}: {lines} lines, {limit} allowed", file.path))
}

/// Finds every line with one of `texts` in the files that `chosen` picks by path.
fn lines_with(texts: &[&str], chosen: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files_of("rs").iter().filter(|file| chosen(&file.path)) {
        for (number, line) in file.text.lines().enumerate() {
            let code = line.trim_start();
            if !code.starts_with("//") && texts.iter().any(|text| code.contains(text)) {
                found.push(format!("{}:{}: {code}", file.path, number + 1));
            }
        }
    }
    found
}
