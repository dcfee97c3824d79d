//! The corpus, through every target.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use latchhook_fuzz_targets::TARGETS;

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Returns the files of a target's corpus, by name.
fn files_of(target: &str) -> Vec<(String, Vec<u8>)> {
    let files = fs::read_dir(corpus().join(target)).unwrap().map(Result::unwrap);
    let read =
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap()));
    read.collect()
}

#[test]
fn every_target_has_a_corpus_and_a_program_and_nothing_else_has() {
    let names: BTreeSet<String> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let folders = fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name());
    assert_eq!(folders.map(|name| name.into_string().unwrap()).collect::<BTreeSet<_>>(), names);
    for name in &names {
        assert!(files_of(name).len() >= 3, "{name} has hardly any corpus");
        let program = corpus().with_file_name("cargo-fuzz/fuzz_targets").join(format!("{name}.rs"));
        let program = fs::read_to_string(program).unwrap();
        assert!(program.contains(&format!("latchhook_fuzz_targets::{name}(data)")), "{program}");
    }
}

/// Each file as it is, without its end, and with a bit of it flipped, so that the neighbourhood of
/// what is known is looked at as well.
#[test]
fn the_corpus_and_what_is_next_to_it_holds() {
    for (name, target) in TARGETS {
        for (file, data) in files_of(name) {
            println!("{name}/{file}");
            target(&data);
            let step = (data.len() / 40).max(1);
            for place in (0..data.len()).step_by(step) {
                target(&data[..place]);
                let mut flipped = data.clone();
                flipped[place] ^= 1 << (place % 8);
                target(&flipped);
            }
        }
    }
}
