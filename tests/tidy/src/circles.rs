//! Import circles: no file of a crate imports, through others, itself.
//!
//! A file imports the file that defines what it names. A re-export is looked through, so a file that
//! only declares and re-exports its children (`orders.rs` beside `orders/`) stands for none of them:
//! naming `orders::Order` is an import of `orders/order.rs`. To re-export is to import only if the
//! file uses the name itself. A child may use what its own parent file defines, because a module and
//! its children are one piece on several pages; only the crate's root is nobody's page. Code for
//! tests does not count.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    checkout::{File, files_of, none},
    imports::{Imports, Path},
};

#[test]
fn no_file_imports_itself_through_others() {
    let sources = files_of("rs");
    let roots = sources.iter().filter(|file| {
        let ships = file.path.starts_with("shared/") || file.path.starts_with("functions/");
        ships && ["/src/lib.rs", "/src/main.rs"].iter().any(|root| file.path.ends_with(root))
    });
    none(
        "move what both need to a file of its own, below them",
        roots.flat_map(|root| circles(&Crate::read(root, &sources))),
    );
}

/// Module of a crate, by its names from the root.
type Module = Vec<String>;

/// Crate, as its files import each other.
struct Crate {
    files: BTreeMap<Module, Imports>,
    /// Path of each file, to name it.
    paths: BTreeMap<Module, String>,
}

impl Crate {
    fn read(root: &File, sources: &[File]) -> Self {
        let mut read = Self { files: BTreeMap::new(), paths: BTreeMap::new() };
        read.add(Vec::new(), root, sources);
        read
    }

    fn add(&mut self, module: Module, file: &File, sources: &[File]) {
        let imports = Imports::of(&file.text);
        let folder = match file.path.strip_suffix("/lib.rs").or(file.path.strip_suffix("/main.rs"))
        {
            Some(folder) => folder,
            None => file.path.strip_suffix(".rs").unwrap(),
        };
        for child in &imports.children {
            let path = format!("{folder}/{child}.rs");
            if let Some(file) = sources.iter().find(|file| file.path == path) {
                self.add([module.as_slice(), std::slice::from_ref(child)].concat(), file, sources);
            }
        }
        self.paths.insert(module.clone(), file.path.clone());
        self.files.insert(module, imports);
    }

    /// Returns the modules that `module` imports, with its own parent left out.
    fn imported(&self, module: &Module) -> BTreeSet<Module> {
        let file = &self.files[module];
        let own = file.exports.iter().filter(|(name, _)| file.names.contains(name));
        let uses: Vec<_> = file.uses.iter().chain(own).collect();
        let named: BTreeMap<&str, &Path> =
            uses.iter().map(|(name, path)| (name.as_str(), path)).collect();
        let inline = file.paths.iter().map(|path| match named.get(path[0].as_str()) {
            Some(start) => [start.as_slice(), &path[1..]].concat(),
            None => path.clone(),
        });
        let all = uses.iter().map(|(_, path)| path.clone()).chain(inline);
        let mut imported: BTreeSet<Module> =
            all.filter_map(|path| self.definer(module, &path)).collect();
        imported.remove(module);
        if let Some((_, parent)) = module.split_last().filter(|(_, parent)| !parent.is_empty()) {
            imported.remove(parent);
        }
        imported
    }

    /// Returns the module that defines what `path` names in `module`; none if that is of another
    /// crate, or a module as a whole.
    fn definer(&self, module: &Module, path: &[String]) -> Option<Module> {
        let (start, rest) = match path.split_first()? {
            (first, rest) if first == "crate" => (Vec::new(), rest),
            (first, rest) if first == "self" => (module.clone(), rest),
            (first, _) if first == "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                (module[..module.len().checked_sub(ups)?].to_vec(), &path[ups..])
            }
            (first, _) if self.files[module].children.contains(first) => (module.clone(), path),
            _ => return None,
        };
        self.found(start, rest)
    }

    fn found(&self, module: Module, rest: &[String]) -> Option<Module> {
        let (name, after) = rest.split_first()?;
        let exports = &self.files.get(&module)?.exports;
        let export = exports.iter().find(|(exported, _)| exported == name);
        let child = [module.as_slice(), std::slice::from_ref(name)].concat();
        // A module and what it exports may have one name; at its end a path means the latter.
        if self.files.contains_key(&child) && !(after.is_empty() && export.is_some()) {
            return self.found(child, after);
        }
        let origin =
            export.and_then(|(_, path)| self.definer(&module, &[path.as_slice(), after].concat()));
        origin.or(Some(module))
    }
}

/// Describes each circle of the crate by the files in it.
fn circles(krate: &Crate) -> Vec<String> {
    let edges: BTreeMap<&Module, BTreeSet<Module>> =
        krate.files.keys().map(|module| (module, krate.imported(module))).collect();
    let all_from = |from: &Module| {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Module> = edges[from].iter().collect();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(&edges[next]);
            }
        }
        found
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        edges.keys().map(|module| (*module, all_from(module))).collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for module in reached.keys() {
        if !reached[module].contains(module) || told.contains(module) {
            continue;
        }
        let circle = reached[module].iter().filter(|other| reached[**other].contains(module));
        let circle: BTreeSet<&Module> = circle.copied().collect();
        let files: Vec<&str> = circle.iter().map(|one| krate.paths[*one].as_str()).collect();
        found.push(format!("a circle of {}: {}", files.len(), files.join(", ")));
        told.extend(circle);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the circles of a crate of these files.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let file = |(path, text): &(&str, &str)| File {
            path: format!("src/{path}"),
            text: (*text).to_owned(),
        };
        let sources: Vec<File> = files.iter().map(file).collect();
        circles(&Crate::read(&sources[0], &sources))
    }

    #[test]
    fn two_files_that_name_each_other_are_a_circle() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A(B);"),
            ("b.rs", "pub struct B; pub fn f() { super::a::f() }"),
        ];
        assert_eq!(found(&files), ["a circle of 2: src/a.rs, src/b.rs"]);
    }

    #[test]
    fn a_facade_stands_for_the_file_that_defines_what_is_named() {
        let files = [
            ("lib.rs", "mod orders; mod list;"),
            ("orders.rs", "mod order; mod page; pub use order::Order; pub use page::page;"),
            ("orders/order.rs", "pub struct Order;"),
            ("orders/page.rs", "pub fn page() { crate::list::list() }"),
            ("list.rs", "use crate::orders; pub fn list() { orders::Order; }"),
        ];
        assert_eq!(found(&files), [""; 0]);
        let mut circular = files;
        circular[4].1 = "use crate::orders; pub fn list() { orders::page(); }";
        assert_eq!(found(&circular), ["a circle of 2: src/list.rs, src/orders/page.rs"]);
    }

    #[test]
    fn a_child_may_use_its_own_parents_file_but_not_the_crates_root() {
        let files = [
            ("lib.rs", "mod a; pub struct Root;"),
            ("a.rs", "mod b; pub struct A; pub fn f() { b::f() }"),
            ("a/b.rs", "use super::A; pub fn f() { A }"),
        ];
        assert_eq!(found(&files), [""; 0]);
        let files = [
            ("lib.rs", "mod a; pub struct Root; pub fn f() { a::f() }"),
            ("a.rs", "use crate::Root; pub fn f() { Root }"),
        ];
        assert_eq!(found(&files), ["a circle of 2: src/lib.rs, src/a.rs"]);
    }

    #[test]
    fn code_for_tests_does_not_count() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; #[cfg(test)] mod tests { }"),
            ("b.rs", "pub struct B; #[cfg(test)] mod tests { use crate::a::A; }"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }
}
