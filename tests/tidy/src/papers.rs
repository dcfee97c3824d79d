//! Promises of the papers (Markdown files), and texts that no file may contain.

use std::path::Path;

use crate::checkout::{File, files, files_of, none, root};

/// Folders of one person's machine.
const PRIVATE: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

#[test]
fn every_link_leads_to_a_file() {
    none("the file is gone or was never there", files_of("md").iter().flat_map(broken_links));
}

#[test]
fn no_file_names_a_developers_machine() {
    none(
        "write the path relative to the checkout, or from $HOME",
        files().iter().flat_map(|file| {
            let private = |line: &&str| PRIVATE.iter().any(|folder| starts_a_path(line, folder));
            let lines = file.text.lines().filter(private);
            lines.map(|line| format!("{}: {line}", file.path)).collect::<Vec<_>>()
        }),
    );
}

#[test]
fn every_paper_is_there() {
    let papers = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "LICENSE",
    ];
    none(
        "readers look for it at the top",
        papers.into_iter().filter(|paper| !root().join(paper).is_file()).map(str::to_owned),
    );
}

/// Returns whether a path in `line` starts with `folder`, rather than containing it further in.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && !"/._-~}".contains(before))
    })
}

fn broken_links(paper: &File) -> Vec<String> {
    let folder = root().join(&paper.path).parent().map(Path::to_owned).unwrap();
    links(&paper.text)
        .filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
        .filter_map(|link| link.split('#').next().filter(|file| !file.is_empty()))
        .filter(|file| !folder.join(file).exists())
        .map(|file| format!("{} links to {file}", paper.path))
        .collect()
}

/// Finds the targets of `[text](target)`, outside fenced code.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|prose| prose.split("](").skip(1))
        .filter_map(|rest| rest.split([')', ' ']).next())
}

#[test]
fn links_are_found_in_prose_only() {
    let text = "[a](A.md#part) and ![b](b.png \"title\")\n```\n[c](C.md)\n```\n[d](D.md)";
    assert_eq!(links(text).collect::<Vec<_>>(), ["A.md#part", "b.png", "D.md"]);
}

#[test]
fn only_the_start_of_a_path_counts() {
    let folder = PRIVATE[0];
    assert!(starts_a_path(&format!("cd {folder}main"), folder));
    assert!(!starts_a_path(&format!("https://example.com{folder}x"), folder));
}
