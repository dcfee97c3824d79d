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
fn every_link_to_a_section_leads_to_one() {
    let papers = files_of("md");
    none("the heading has another name", papers.iter().flat_map(|paper| lost(paper, &papers)));
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

/// Finds links to headings that a paper doesn't have.
fn lost(paper: &File, papers: &[File]) -> Vec<String> {
    let folder = Path::new(&paper.path).parent().unwrap();
    links(&paper.text)
        .filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
        .filter_map(|link| link.split_once('#'))
        .filter(|(file, section)| {
            let to = if file.is_empty() { paper.path.clone() } else { joined(folder, file) };
            let target = papers.iter().find(|paper| paper.path == to);
            target.is_some_and(|target| !sections(&target.text).iter().any(|it| it == section))
        })
        .map(|(file, section)| format!("{} links to {file}#{section}", paper.path))
        .collect()
}

/// Joins a relative path to a folder of the checkout.
fn joined(folder: &Path, path: &str) -> String {
    let mut parts: Vec<&str> = folder.iter().map(|part| part.to_str().unwrap()).collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Names the sections of a paper as links do: headings in lower case, spaces as dashes.
fn sections(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let named = headings.map(|heading| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    });
    named.collect()
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
fn sections_are_named_as_links_name_them() {
    let text = "# One\n```sh\n# no\n```\n## `two`: a, B and-c\n";
    assert_eq!(sections(text), ["one", "two-a-b-and-c"]);
    assert_eq!(joined(Path::new("docs/guides"), "../../infra/README.md"), "infra/README.md");
    let paper = File { path: "docs/A.md".to_owned(), text: "[a](#one) [b](B.md#three)".to_owned() };
    let other = File { path: "docs/B.md".to_owned(), text: text.to_owned() };
    let lost = lost(&paper, &[other]);
    assert_eq!(lost, ["docs/A.md links to B.md#three"]);
}

#[test]
fn only_the_start_of_a_path_counts() {
    let folder = PRIVATE[0];
    assert!(starts_a_path(&format!("cd {folder}main"), folder));
    assert!(!starts_a_path(&format!("https://example.com{folder}x"), folder));
}
