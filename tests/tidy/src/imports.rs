//! Imports of a Rust file: the modules it declares, and the paths it names.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Path in code, such as `crate::orders::Order`, by its names.
pub(crate) type Path = Vec<String>;

/// Imports of a file, code for tests left out.
#[derive(Default)]
pub(crate) struct Imports {
    /// Modules that the file declares as files of their own.
    pub(crate) children: BTreeSet<String>,
    /// Names that the file imports, with their paths.
    pub(crate) uses: Vec<(String, Path)>,
    /// Names that the file imports for others, with their paths.
    pub(crate) exports: Vec<(String, Path)>,
    /// Paths that the file names without importing them first.
    pub(crate) paths: Vec<Path>,
    /// Every name in the file's own code.
    pub(crate) names: BTreeSet<String>,
}

impl Imports {
    /// Reads the imports of the file with this text.
    pub(crate) fn of(text: &str) -> Self {
        let mut tokens = Vec::new();
        flatten(text.parse().unwrap(), &mut tokens);
        let mut imports = Self::default();
        imports.read(&tokens);
        imports
    }

    fn read(&mut self, mut rest: &[String]) {
        let mut is_public = false;
        while let Some(token) = rest.first() {
            match token.as_str() {
                "#" => {
                    let start = if rest[1] == "!" { 2 } else { 1 };
                    let end = start + closed(&rest[start..]);
                    let is_for_tests = rest[start..end].concat() == "[cfg(test)]";
                    rest = &rest[end..];
                    if is_for_tests {
                        rest = &rest[item(rest)..];
                    }
                    continue;
                }
                "pub" => {
                    is_public = true;
                    let ends = if rest[1] == "(" { 1 + closed(&rest[1..]) } else { 1 };
                    rest = &rest[ends..];
                    continue;
                }
                "mod" if rest[2] == ";" => {
                    self.children.insert(rest[1].clone());
                    rest = &rest[3..];
                }
                "use" => {
                    let into = if is_public { &mut self.exports } else { &mut self.uses };
                    rest = tree(&rest[1..], &[], into);
                }
                _ => rest = self.code(rest),
            }
            is_public = false;
        }
    }

    /// Reads the next name or path.
    fn code<'t>(&mut self, rest: &'t [String]) -> &'t [String] {
        let mut path = vec![rest[0].clone()];
        let mut next = 1;
        while rest.get(next).is_some_and(|token| token == "::")
            && rest.get(next + 1).is_some_and(|token| is_name(token))
        {
            path.push(rest[next + 1].clone());
            next += 2;
        }
        self.names.extend(path.iter().cloned());
        if path.len() > 1 {
            self.paths.push(path);
        }
        &rest[next..]
    }
}

/// Reads a tree of imports below the path `above`; returns what follows it.
fn tree<'t>(
    mut rest: &'t [String],
    above: &[String],
    into: &mut Vec<(String, Path)>,
) -> &'t [String] {
    let mut path = above.to_vec();
    loop {
        match rest[0].as_str() {
            "{" => {
                rest = &rest[1..];
                while rest[0] != "}" {
                    rest = tree(rest, &path, into);
                    if rest[0] == "," {
                        rest = &rest[1..];
                    }
                }
                return &rest[1..];
            }
            "::" => rest = &rest[1..],
            "self" if !path.is_empty() => rest = &rest[1..],
            ";" | "," | "}" => {
                into.push((path.last().cloned().unwrap_or_default(), path));
                return rest;
            }
            "as" => {
                into.push((rest[1].clone(), path));
                return &rest[2..];
            }
            name => {
                path.push(name.to_owned());
                rest = &rest[1..];
            }
        }
    }
}

/// Returns the number of tokens of the group that `rest` begins with.
fn closed(rest: &[String]) -> usize {
    let mut depth = 0;
    let ends = rest.iter().position(|token| {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    ends.unwrap() + 1
}

/// Returns the number of tokens of the item that `rest` begins with.
fn item(rest: &[String]) -> usize {
    let mut at = 0;
    loop {
        match rest[at].as_str() {
            ";" => return at + 1,
            "{" => return at + closed(&rest[at..]),
            "(" | "[" => at += closed(&rest[at..]),
            _ => at += 1,
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn flatten(stream: TokenStream, into: &mut Vec<String>) {
    let mut is_colon = false;
    for token in stream {
        let was_colon = std::mem::take(&mut is_colon);
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace | Delimiter::None => ("{", "}"),
                };
                into.push(open.to_owned());
                flatten(group.stream(), into);
                into.push(close.to_owned());
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' && was_colon => {
                *into.last_mut().unwrap() = "::".to_owned();
            }
            TokenTree::Punct(punct) => {
                is_colon = punct.as_char() == ':' && punct.spacing() == Spacing::Joint;
                into.push(punct.as_char().to_string());
            }
            TokenTree::Ident(ident) => into.push(ident.to_string()),
            TokenTree::Literal(_) => into.push("\"".to_owned()),
        }
    }
}
