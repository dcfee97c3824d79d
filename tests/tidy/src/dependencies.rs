//! Dependencies: each one that a manifest names is used by the code that it is for.

use serde_json::Value;

use crate::checkout::{self, File, files_of, none};

#[test]
fn every_dependency_is_used() {
    let metadata =
        checkout::run(env!("CARGO"), &["metadata", "--format-version=1", "--no-deps", "--offline"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 20, "cargo metadata lists only {} crates", packages.len());
    let files = files_of("rs");
    none(
        "what nothing uses is built for nothing",
        packages.iter().flat_map(|package| unused(package, &files)),
    );
}

/// Returns the dependencies of `package` that its code does not name.
fn unused(package: &Value, files: &[File]) -> Vec<String> {
    let manifest = package["manifest_path"].as_str().unwrap();
    let root = format!("{}/", checkout::root().display());
    let folder = manifest.strip_prefix(&root).unwrap().strip_suffix("Cargo.toml").unwrap();
    let own: Vec<&File> = files.iter().filter(|file| file.path.starts_with(folder)).collect();
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    dependencies
        .filter(|dependency| {
            let is_for_tests = dependency["kind"] == "dev" || folder.starts_with("tests/");
            let ships =
                |file: &&&File| is_for_tests || file.path[folder.len()..].starts_with("src/");
            !own.iter().filter(ships).any(|file| names(&file.text, &name(dependency)))
        })
        .map(|dependency| format!("{folder}Cargo.toml names {}", name(dependency)))
        .collect()
}

/// Returns the name by which code refers to a dependency.
fn name(dependency: &Value) -> String {
    let name = dependency["rename"].as_str().or(dependency["name"].as_str()).unwrap();
    name.replace('-', "_")
}

/// Returns whether `code` refers to the crate `name`: in a path, or by itself in a `use`.
fn names(code: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        !before.ends_with(is_part)
            && (after.starts_with("::")
                || (before.ends_with("use ") && !after.starts_with(is_part)))
    })
}

#[test]
fn a_crate_is_named_by_a_path_or_a_use() {
    for code in ["use url::Url;", "let at = url::parse();", "use url;", "#[url::test]"] {
        assert!(names(code, "url"), "{code}");
    }
    for code in ["use my_url::Url;", "use urlencoding;", "// the url: here", "let url = 1;"] {
        assert!(!names(code, "url"), "{code}");
    }
}
