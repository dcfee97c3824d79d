//! Code that verifies a delivery, in five languages. It is the README's own, which a test runs
//! against real deliveries in every language that is installed.

use std::sync::LazyLock;

/// Code sample in one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Snippet {
    pub(crate) language: &'static str,
    pub(crate) code: &'static str,
}

/// Code samples, one for each language.
pub(crate) static SNIPPETS: LazyLock<Vec<Snippet>> =
    LazyLock::new(|| find(include_str!("../../../../README.md")));

/// Extracts the code samples from the README's section on signatures: each is a `<summary>` and a
/// fenced block.
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
