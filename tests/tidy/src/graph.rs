//! Crate graph, which crate may depend on which: `domain <- ports <- {app, aws, embedded, guard,
//! oidc, resolver, sealed, sender, system, dashboard, turns} <- {lambda, moving, settings, standalone, telemetry} <- functions`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::checkout::{self, none, root};

/// Crates of this workspace that each crate under `shared/` may use. Its tests may also use the
/// contract suites, and those of `app` the simulated backend.
const SHARED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("app", &["domain", "ports", "turns"]),
    ("aws", &["domain", "ports"]),
    ("dashboard", &["domain", "ports"]),
    ("embedded", &["domain", "ports", "system", "turns"]),
    ("guard", &["domain", "ports"]),
    ("oidc", &["domain", "ports"]),
    ("resolver", &["domain", "ports", "turns"]),
    ("sealed", &["domain", "ports"]),
    ("sender", &["domain", "guard", "ports"]),
    ("system", &["domain", "ports"]),
    ("turns", &[]),
];

/// Crates that each of the assembling crates may use: those that put others together for the
/// binaries. Their tests may also use the rest of `shared/`, simulated backends, and what the template tells
/// functions.
const ASSEMBLED: &[(&str, &[&str])] = &[
    (
        "lambda",
        &[
            "app", "aws", "domain", "guard", "oidc", "ports", "resolver", "sealed", "sender",
            "settings", "system",
        ],
    ),
    ("moving", &["app", "domain", "ports", "sealed"]),
    ("settings", &["dashboard", "domain", "guard", "oidc", "resolver"]),
    (
        "standalone",
        &[
            "app",
            "dashboard",
            "domain",
            "embedded",
            "guard",
            "oidc",
            "ports",
            "resolver",
            "sealed",
            "sender",
            "settings",
            "telemetry",
        ],
    ),
    ("telemetry", &["app", "domain", "ports", "sender"]),
];

/// Dependencies, direct or not, that would make `domain` impure.
const IMPURE: &[&str] = &[
    "async-trait",
    "axum",
    "futures-core",
    "getrandom",
    "hyper",
    "mio",
    "rand",
    "rusqlite",
    "rustls",
    "socket2",
    "tokio",
    "tracing",
];

/// A crate of the workspace.
struct Crate {
    /// Its folder, such as `shared/app`.
    folder: String,
    /// The folders it depends on, in code that ships.
    uses: BTreeSet<String>,
    /// The folders that only its tests depend on.
    tests_use: BTreeSet<String>,
}

#[test]
fn shared_crates_see_only_what_the_graph_allows() {
    none(
        "`shared/` depends inwards; SHARED in this file draws the graph",
        faults(|krate| {
            let name = krate.folder.strip_prefix("shared/")?;
            let Some(allowed) = allowed(SHARED, name).or_else(|| allowed(ASSEMBLED, name)) else {
                return Some(format!("{}: say in SHARED where it stands", krate.folder));
            };
            outside(&krate.folder, &krate.uses, &allowed)
        }),
    );
}

#[test]
fn tests_of_shared_crates_add_only_the_contract_suites() {
    none(
        "a test in `shared/` that needs more belongs in `tests/`",
        faults(|krate| {
            let name = krate.folder.strip_prefix("shared/")?;
            let mut allowed = allowed(SHARED, name)?;
            allowed.insert("tests/contracts".to_owned());
            // Its use cases are tested on a simulated backend.
            allowed.extend((name == "app").then(|| "tests/simulation".to_owned()));
            outside(&krate.folder, &krate.tests_use, &allowed)
        }),
    );
}

#[test]
fn tests_of_assembled_crates_add_only_shared_crates_and_simulated_backends() {
    none(
        "a test in `shared/` that needs more belongs in `tests/`",
        faults(|krate| {
            let name = krate.folder.strip_prefix("shared/")?;
            let mut allowed = allowed(ASSEMBLED, name)?;
            allowed.extend(SHARED.iter().map(|(name, _)| format!("shared/{name}")));
            let suites = ["tests/contracts", "tests/deployed", "tests/simulation"];
            allowed.extend(suites.map(str::to_owned));
            outside(&krate.folder, &krate.tests_use, &allowed)
        }),
    );
}

#[test]
fn functions_are_binaries() {
    none(
        "a library belongs in `shared/`",
        faults(|krate| {
            let is_library = krate.folder.starts_with("functions/")
                && root().join(&krate.folder).join("src/lib.rs").exists();
            is_library.then(|| krate.folder.clone())
        }),
    );
}

#[test]
fn the_contract_suites_know_only_the_ports() {
    let allowed = ["shared/domain", "shared/ports"].map(str::to_owned).into();
    none(
        "every backend must be able to run them",
        faults(|krate| {
            if krate.folder != "tests/contracts" {
                return None;
            }
            outside(&krate.folder, &krate.uses, &allowed)
        }),
    );
}

#[test]
fn what_ships_never_depends_on_a_test_crate() {
    none(
        "test crates do not ship",
        faults(|krate| {
            let ships = !krate.folder.starts_with("tests/");
            let test = krate.uses.iter().find(|used| used.starts_with("tests/"))?;
            ships.then(|| format!("{} uses {test}", krate.folder))
        }),
    );
}

#[test]
fn domain_reaches_no_async_io_or_randomness() {
    let tree = checkout::run(
        env!("CARGO"),
        &["tree", "--offline", "--package=latchhook-domain", "--edges=normal", "--prefix=none"],
    );
    let reached: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(reached.contains("latchhook-domain") && reached.len() > 10, "{tree}");
    none(
        "`domain` is pure",
        reached
            .into_iter()
            .filter(|name| IMPURE.contains(name) || name.starts_with("aws-"))
            .map(str::to_owned),
    );
}

/// Returns the folders that the crate `name` may use by `layer`; none if the layer does not have
/// it.
fn allowed(layer: &[(&str, &[&str])], name: &str) -> Option<BTreeSet<String>> {
    let (_, allowed) = layer.iter().find(|(krate, _)| *krate == name)?;
    Some(allowed.iter().map(|name| format!("shared/{name}")).collect())
}

fn faults(fault: impl Fn(&Crate) -> Option<String>) -> Vec<String> {
    crates().iter().filter_map(fault).collect()
}

fn outside(folder: &str, uses: &BTreeSet<String>, allowed: &BTreeSet<String>) -> Option<String> {
    let outside: Vec<&str> = uses.difference(allowed).map(String::as_str).collect();
    (!outside.is_empty()).then(|| format!("{folder} uses {}", outside.join(", ")))
}

fn crates() -> Vec<Crate> {
    let metadata =
        checkout::run(env!("CARGO"), &["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let crates: Vec<Crate> =
        metadata["packages"].as_array().unwrap().iter().map(read_crate).collect();
    assert!(crates.len() > SHARED.len(), "cargo metadata lists only {} crates", crates.len());
    crates
}

fn read_crate(package: &Value) -> Crate {
    let dependencies = package["dependencies"].as_array().unwrap();
    let used = |test: bool| {
        dependencies
            .iter()
            .filter(|dependency| (dependency["kind"] == "dev") == test)
            .filter_map(|dependency| dependency["path"].as_str().map(folder))
            .collect()
    };
    let manifest = package["manifest_path"].as_str().unwrap();
    Crate {
        folder: folder(manifest.strip_suffix("/Cargo.toml").unwrap()),
        uses: used(false),
        tests_use: used(true),
    }
}

/// Returns a crate's folder, relative to the root.
fn folder(path: &str) -> String {
    let root = format!("{}/", root().display());
    path.strip_prefix(&root).unwrap().to_owned()
}
