//! Wording of doc comments: the first sentence names the thing and says what it is.

use crate::checkout::{File, files_of, none};

/// Openings that put off the noun: a reader learns only later, or never, what is being described.
const OPENINGS: &[&str] = &[
    "What", "How", "Where", "Who", "Whose", "Which", "When", "Why", "Whether", "Those", "That",
    "Whatever", "Whoever", "It", "The same",
];

#[test]
fn doc_comments_open_with_the_thing_they_describe() {
    none(
        "begin with the noun and say what it is (\"Time of the first attempt.\"), or with what the \
         function does (\"Returns whether the webhook is enabled.\")",
        files_of("rs").iter().filter(|file| !is_test(&file.path)).flat_map(|file| {
            roundabout(shipped(file)).map(|(line, doc)| format!("{}:{line}: {doc}", file.path))
        }),
    );
}

/// Returns whether the file holds only tests. They explain cases, so the rule leaves them alone.
fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// Text of a file up to the unit tests at its end.
fn shipped(file: &File) -> &str {
    let text = &file.text;
    let starts_a_module = |at: &usize| {
        let rest = text[*at..].lines().nth(1).unwrap_or_default();
        rest.starts_with("mod ") && rest.ends_with('{')
    };
    let tests = text.match_indices("#[cfg(test)]").map(|(at, _)| at).find(starts_a_module);
    &text[..tests.unwrap_or(text.len())]
}

/// Line number and text of each doc comment that opens with one of [`OPENINGS`].
fn roundabout(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let docs = text.lines().map(doc_of).enumerate();
    docs.scan(None, |above, (number, doc)| {
        let continues = above.is_some();
        *above = doc;
        Some(doc.filter(|doc| !continues && opens_badly(doc)).map(|doc| (number + 1, doc)))
    })
    .flatten()
}

/// Returns the words of a line of a doc comment.
fn doc_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let words = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
    (!words.starts_with('/')).then(|| words.trim_start())
}

fn opens_badly(doc: &str) -> bool {
    OPENINGS.iter().any(|opening| {
        let rest = doc.strip_prefix(opening);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

#[test]
fn only_the_opening_of_a_doc_comment_counts() {
    let text = "//! What the crate does.\n\n/// Number of attempts.\n/// It grows.\nstruct Whole;\n\
                \n    /// Whether it is on.\n    on: bool,\n    /// Whoever's turn it is.\n\
                // How comments open is free.\n//// Why not.\n/// Itself.\n/// The same again.\n";
    let found: Vec<_> = roundabout(text).collect();
    assert_eq!(
        found,
        [(1, "What the crate does."), (7, "Whether it is on."), (9, "Whoever's turn it is.")]
    );
}

#[test]
fn unit_tests_at_the_end_of_a_file_are_left_alone() {
    let text =
        "#[cfg(test)]\nuse std::fs;\n\n#[cfg(test)]\nmod checkout;\n\n/// What.\nfn f() {}\n";
    let tests = "\n#[cfg(test)]\nmod tests {\n    /// How.\n    fn g() {}\n}\n";
    let file = File { path: String::new(), text: format!("{text}{tests}") };
    assert_eq!(shipped(&file), format!("{text}\n"));
}
