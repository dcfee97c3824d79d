//! Code that verifies a delivery, in five languages. It is that of `docs/verifying.md`, which a test runs
//! against real deliveries in every language that is installed.

use std::{borrow::Cow, sync::LazyLock};

/// Code sample in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) language: &'static str,
    code: &'static str,
}

impl Snippet {
    /// Returns the code, which reads the headers with that prefix.
    pub(crate) fn code(&self, prefix: &str) -> Cow<'static, str> {
        if prefix == PREFIX {
            return Cow::Borrowed(self.code);
        }
        let named = |code: Cow<'static, str>, what: &&str| {
            code.replace(&format!("{PREFIX}-{what}"), &format!("{prefix}-{what}")).into()
        };
        ["id", "timestamp", "signature"].iter().fold(Cow::Borrowed(self.code), named)
    }
}

/// Prefix of the headers in that paper.
const PREFIX: &str = "webhook";

/// Code samples, one for each language.
pub(crate) static SNIPPETS: LazyLock<Vec<Snippet>> =
    LazyLock::new(|| find(include_str!("../../../../docs/verifying.md")));

/// Extracts the code samples from the paper, up to its first section: each is a `<summary>` and a fenced
/// block.
fn find(paper: &'static str) -> Vec<Snippet> {
    let beginning = paper.split("\n## ").next().unwrap_or_default();
    let folds = beginning.split("<summary>").skip(1);
    let snippets = folds.filter_map(|fold| {
        let (language, rest) = fold.split_once("</summary>")?;
        let (_, fenced) = rest.split_once("```")?;
        let (code, _) = fenced.split_once("```")?;
        let (_, code) = code.split_once('\n')?;
        Some(Snippet { language, code })
    });
    snippets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_reads_the_headers_of_the_installation() {
        for snippet in SNIPPETS.iter() {
            let code = snippet.code("x-acme");
            for name in ["x-acme-id", "x-acme-timestamp", "x-acme-signature"] {
                assert!(code.contains(name), "{}: {name}", snippet.language);
            }
            assert!(!code.contains("webhook-"), "{}", snippet.language);
            assert_eq!(snippet.code("webhook"), snippet.code);
        }
    }

    #[test]
    fn there_are_five_languages_and_each_verifies() {
        let languages: Vec<_> = SNIPPETS.iter().map(|snippet| snippet.language).collect();
        assert_eq!(languages, ["Python", "JavaScript (Node.js)", "Go", "Ruby", "Java"]);
        for Snippet { language, code } in SNIPPETS.iter() {
            let names_it = code.contains("webhook-signature") && code.contains("whsec_");
            assert!(names_it && !code.contains("```"), "{language}");
        }
    }
}
