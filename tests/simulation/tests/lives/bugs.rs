//! Deliberate bugs, each of which is caught within a number of seeds. This is the one list of them;
//! `docs/RELIABILITY.md` shows it.

use latchhook_simulation::Bug;

use crate::seeds;

/// Bugs, and the number of seeds within which each is caught.
const BUGS: &[(Bug, u64)] = &[
    (Bug::AcknowledgesFirst, 100),
    (Bug::AnswersUnwritten, 20),
    (Bug::FlushesLater, 20),
    (Bug::Tears, 20),
    (Bug::ForgetsConditions, 20),
    (Bug::ForgetsVersions, 50),
    (Bug::ReadsQuotaFirst, 50),
    (Bug::ForgetsView, 20),
    (Bug::ForgetsCount, 20),
    (Bug::DropsBatchEntry, 20),
    (Bug::LosesMessages, 20),
    (Bug::HandsOutEarly, 20),
    (Bug::ShiftsSlot, 20),
    (Bug::LeasesTwice, 20),
    (Bug::NeverAcknowledges, 20),
    (Bug::ReceivesByRemoving, 20),
    (Bug::ReadsExpired, 20),
    (Bug::ReadsStale, 20),
    (Bug::CachesByRevision, 400),
    (Bug::BreaksOrder, 20),
    (Bug::CutsPage, 20),
    (Bug::IgnoresRotation, 400),
    (Bug::KeepsSecrets, 100),
    (Bug::LimitsNothing, 200),
    (Bug::StopsTheClock, 20),
];

#[test]
fn every_deliberate_bug_is_caught_within_its_number_of_seeds() {
    for &(bug, within) in BUGS {
        match seeds::live(0..within, Some(bug)) {
            Ok(_) => panic!("{bug:?} is not caught by {within} seeds"),
            Err(failure) => println!("{bug:?}: seed {}: {}", failure.seed, short(&failure.why)),
        }
    }
}

/// First line of a text, or what fits into one.
fn short(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(160).collect()
}

#[test]
fn every_deliberate_bug_stands_in_the_paper_with_its_number() {
    let paper = include_str!("../../../../docs/RELIABILITY.md");
    for &(bug, within) in BUGS {
        let (from, to) = (format!("| `{bug:?}` |"), format!("| {within} |"));
        let stands = paper.lines().any(|line| line.starts_with(&from) && line.ends_with(&to));
        assert!(stands, "docs/RELIABILITY.md has no row {from} … {to}");
    }
}
