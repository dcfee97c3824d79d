//! Words of the pages: none stands in a template, in the code or in the script, but in
//! `shared/dashboard/src/words`, where an operator can change each.

use proc_macro2::{TokenStream, TokenTree};

use crate::checkout::{File, files, none};

const RULE: &str = "put the sentence into shared/dashboard/src/words, and ask for it by its name";
/// Attributes that people read or hear.
const READ: &[&str] = &["aria-label", "title", "placeholder", "alt", "data-label"];

#[test]
fn no_template_has_a_sentence_of_its_own() {
    none(
        RULE,
        of("shared/dashboard/templates/").iter().flat_map(|file| told(file, &template(&file.text))),
    );
}

#[test]
fn no_code_of_the_pages_has_a_sentence_of_its_own() {
    let folders = ["pages", "html", "client", "session"];
    let code = folders.iter().flat_map(|folder| {
        let folder = format!("shared/dashboard/src/{folder}");
        [of(&format!("{folder}/")), of(&format!("{folder}.rs"))].into_iter().flatten()
    });
    none(RULE, code.flat_map(|file| told(&file, &literals(&file.text))));
}

#[test]
fn no_script_of_the_pages_has_a_sentence_of_its_own() {
    none(
        RULE,
        of("shared/dashboard/assets/page.js")
            .iter()
            .flat_map(|file| told(file, &script(&file.text))),
    );
}

#[test]
fn no_style_depends_on_a_word() {
    none(
        "choose by a class or data-cell: a label is another in another language",
        of("shared/dashboard/assets/page.css").iter().flat_map(|file| {
            let lines = file.text.lines().filter(|line| line.contains("data-label=\""));
            lines.map(|line| format!("{}: {line}", file.path)).collect::<Vec<_>>()
        }),
    );
}

fn of(path: &str) -> Vec<File> {
    let found: Vec<File> = files().into_iter().filter(|file| file.path.starts_with(path)).collect();
    assert!(!found.is_empty(), "there is nothing at {path}");
    found
}

fn told(file: &File, sentences: &[String]) -> Vec<String> {
    sentences.iter().map(|text| format!("{}: {text:?}", file.path)).collect()
}

/// Returns the texts of a template that somebody reads: between tags, in attributes, and in literals
/// that are handed to macros.
fn template(text: &str) -> Vec<String> {
    let (markup, asked) = apart(text);
    let mut found = Vec::new();
    for (place, piece) in markup.split('<').enumerate() {
        let (tag, between) =
            if place == 0 { ("", piece) } else { piece.split_once('>').unwrap_or(("", piece)) };
        // The macros of attributes stand outside of tags.
        let between = Some(between.trim()).filter(|text| has_word(text) && !text.contains("=\""));
        found.extend(between.map(str::to_owned));
        for attribute in READ {
            let value = tag
                .split_once(&format!(" {attribute}=\""))
                .and_then(|(_, rest)| rest.split('"').next());
            let value = value.filter(|value| is_read(value));
            found.extend(value.map(str::to_owned));
        }
    }
    let quoted = asked.iter().flat_map(|asked| asked.split('"').skip(1).step_by(2));
    found.extend(quoted.filter(|text| is_read(text)).map(str::to_owned));
    found
}

/// Parts a template into its markup, and what stands between `{{ }}` or `{% %}` in it. Comments, in
/// `{# #}`, are neither.
fn apart(text: &str) -> (String, Vec<&str>) {
    let (mut markup, mut asked, mut rest) = (String::new(), Vec::new(), text);
    let next = |rest: &str| ["{{", "{%", "{#"].iter().filter_map(|begin| rest.find(begin)).min();
    while let Some(start) = next(rest) {
        markup.push_str(&rest[..start]);
        let end = match &rest[start..start + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let length = rest[start..].find(end).unwrap_or(rest.len() - start - 2);
        if end != "#}" {
            asked.push(&rest[start + 2..start + length]);
        }
        rest = &rest[start + length + 2..];
    }
    markup.push_str(rest);
    (markup, asked)
}

/// Returns the literals of code that are sentences, but for those of its tests, log lines and lints.
fn literals(text: &str) -> Vec<String> {
    let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut found = Vec::new();
    walk(shipped.parse().unwrap(), &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<String>) {
    let (mut logs, mut lints) = (false, false);
    for token in tokens {
        match token {
            TokenTree::Ident(name) => logs |= name == "tracing",
            TokenTree::Punct(mark) => {
                lints = mark.as_char() == '#' || lints && mark.as_char() == '!';
                logs &= matches!(mark.as_char(), ':' | '!');
            }
            TokenTree::Group(_) if logs || lints => (logs, lints) = (false, false),
            TokenTree::Group(group) => walk(group.stream(), found),
            TokenTree::Literal(literal) => {
                let literal = literal.to_string();
                let text = literal.trim_matches('"');
                found.extend(Some(text).filter(|text| is_sentence(text)).map(str::to_owned));
            }
        }
    }
}

/// Returns the literals of a script that are sentences.
fn script(text: &str) -> Vec<String> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let literals = code.flat_map(|line| line.split(['\'', '`', '"']).skip(1).step_by(2));
    literals.filter(|text| is_sentence(text)).map(str::to_owned).collect()
}

/// Returns whether two letters follow each other.
fn has_word(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_alphabetic))
}

/// Returns whether an attribute is for people: examples are of one word without a capital letter.
fn is_read(text: &str) -> bool {
    is_sentence(text) || has_word(text) && is_capital(text)
}

/// Returns whether a literal is for people: a capital letter and words, or words and a full stop.
fn is_sentence(text: &str) -> bool {
    let words = text.split(' ').filter(|word| has_word(word) && word.is_ascii()).count();
    let is_code = text.contains(['<', '=', '/', '_']);
    !is_code && words >= 2 && (is_capital(text) || text.ends_with('.'))
}

fn is_capital(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_uppercase())
}

#[test]
fn sentences_are_found_wherever_they_stand() {
    let page = "<p>{{ say.title() }} · Hello</p><a aria-label=\"Go there\" class=\"Not this\">{{ eye(\"key one.\", \"s-1\") }}</a>";
    assert_eq!(template(page), ["· Hello", "Go there", "key one."]);
    assert_eq!(template("<!doctype html><p class=\"muted\">{% if x %}–{% endif %}</p>"), [""; 0]);
    assert_eq!(template("{#- That is \"why it is\". #}<p></p>"), [""; 0]);
    let code = "#[expect(x, reason = \"That is so\")] fn f() { tracing::info!(\"It is done\"); g(\"It failed\", \"a b\") }";
    assert_eq!(literals(code), ["It failed"]);
    assert_eq!(
        script("// It's a comment\nsay('The server is away'); all('.a b')"),
        ["The server is away"]
    );
}
