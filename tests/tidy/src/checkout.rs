//! Files of this checkout.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A file of the checkout.
pub(crate) struct File {
    /// Path relative to the root, with `/`.
    pub(crate) path: String,
    /// Text of the file; empty if it is binary.
    pub(crate) text: String,
}

/// Lists every file that is committed, or would be by `git add --all`.
pub(crate) fn files() -> Vec<File> {
    let listed = run("git", &["ls-files", "--cached", "--others", "--exclude-standard"]);
    let files: Vec<File> = listed
        .lines()
        .filter(|path| root().join(path).is_file())
        .map(|path| File {
            path: path.to_owned(),
            text: fs::read_to_string(root().join(path)).unwrap_or_default(),
        })
        .collect();
    assert!(files.len() > 50, "git lists only {} files of this checkout", files.len());
    files
}

/// Lists the files with that extension.
pub(crate) fn files_of(extension: &str) -> Vec<File> {
    let has_it = |file: &File| Path::new(&file.path).extension().is_some_and(|it| it == extension);
    files().into_iter().filter(has_it).collect()
}

/// Runs `program` at the root; returns its output.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Fails if there are `faults`, with one line for each under the text of the rule.
#[track_caller]
pub(crate) fn none(rule: &str, faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "{rule}:\n  {}", faults.join("\n  "));
}
