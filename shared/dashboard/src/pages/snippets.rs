//! How to verify a delivery, in five languages: the README's own code, which a test of this project
//! runs against real deliveries in every language that is installed.

use std::sync::LazyLock;

/// Code in a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) language: &'static str,
    pub(crate) code: &'static str,
}

/// One for each language.
pub(crate) static SNIPPETS: LazyLock<Vec<Snippet>> =
    LazyLock::new(|| find(include_str!("../../../../README.md")));

/// The folds of the section on signatures: a summary, and a fenced block.
fn find(paper: &'static str) -> Vec<Snippet> {
    let section = paper.split("\n## ").find(|section| section.starts_with("Verifying signatures"));
    let folds = section.unwrap_or_default().split("<summary>").skip(1);
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
    fn there_are_five_languages_and_each_verifies() {
        let languages: Vec<_> = SNIPPETS.iter().map(|snippet| snippet.language).collect();
        assert_eq!(languages, ["Python", "JavaScript (Node.js)", "Go", "Ruby", "Java"]);
        for Snippet { language, code } in SNIPPETS.iter() {
            let names_it = code.contains("webhook-signature") && code.contains("whsec_");
            assert!(names_it && !code.contains("```"), "{language}");
        }
    }
}
