//! Damage on the disk: whatever is flipped, cut off or missing is refused, or what is read is right.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use common::{message, open, partition, put, put_until, write};
use contracts::ManualClock;
use latchhook_embedded::{Embedded, OpenError, Options};
use ports::{
    Clock as _, Commit, ReadError, Store as _,
    queue::Lane,
    store::{IndexEntry, Order, Query, Range, Write},
};

const DATABASE: &str = "latchhook.db";
const LOG: &str = "latchhook.db-wal";
const MARK: &str = "latchhook.mark";
/// Bytes of a frame of the log, and of its header.
const FRAME: usize = 24 + 4096;
const HEADER: usize = 32;
const DOCUMENTS: u32 = 40;

/// Files of a data directory at one moment, as a crash leaves them.
#[derive(Clone)]
struct Image {
    database: Vec<u8>,
    log: Option<Vec<u8>>,
    mark: Option<Vec<u8>>,
}

impl Image {
    fn of(folder: &Path) -> Self {
        let read = |name| fs::read(folder.join(name)).ok();
        Self { database: read(DATABASE).unwrap(), log: read(LOG), mark: read(MARK) }
    }

    fn at(&self, folder: &Path) -> PathBuf {
        let path = folder.join("image");
        _ = fs::remove_dir_all(&path);
        DirBuilder::new().mode(0o700).create(&path).unwrap();
        let files = [
            (DATABASE, Some(&self.database)),
            (LOG, self.log.as_ref()),
            (MARK, self.mark.as_ref()),
        ];
        for (name, bytes) in files {
            bytes.inspect(|bytes| fs::write(path.join(name), bytes).unwrap());
        }
        path
    }

    fn log(&mut self) -> &mut Vec<u8> {
        self.log.as_mut().unwrap()
    }

    fn open(&self, folder: &Path) -> Result<Embedded, OpenError> {
        Embedded::open(&self.at(folder), &Options::default(), Arc::new(ManualClock::default()))
    }
}

/// Numbers that look random, the same in every run.
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    let next = |number: &u64| {
        Some(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(next(&seed), next).map(|number| usize::try_from(number >> 33).unwrap())
}

fn body(number: u32) -> Vec<u8> {
    format!("{number};").repeat(200).into_bytes()
}

/// Commits a document with an index entry, and counts it.
async fn commit_one(backend: &Embedded, clock: &ManualClock, number: u32) {
    let entry = IndexEntry { partition: partition("index"), sort: format!("{number:04}") };
    let key = partition("").key(format!("{number:04}"));
    let count = Write::Count { key: partition("").key("n"), by: 1, at_most: None };
    let until = Some(clock.now().plus(1000 * common::SECOND));
    let commit = Commit {
        writes: vec![put_until(key, body(number), until, vec![entry]), count],
        messages: vec![message(number.into(), 1, Lane::First, clock.now())],
        ..Commit::default()
    };
    backend.commit(commit).await.unwrap();
}

/// Compares everything with what was committed; an error is fine, another answer is not.
async fn is_right(backend: &Embedded, documents: u32) -> Result<(), ReadError> {
    for number in 0..documents {
        let found = backend.get(&[partition("").key(format!("{number:04}"))]).await?;
        assert_eq!(found[0].as_ref().unwrap().body, body(number));
    }
    for (part, index) in [("", false), ("index", true)] {
        let query = Query {
            partition: partition(part),
            index,
            range: Range::default(),
            order: Order::Ascending,
            limit: 1000,
        };
        assert_eq!(backend.query(&query).await?.len(), documents as usize);
    }
    assert_eq!(backend.counter(&partition("").key("n")).await?, u64::from(documents));
    Ok(())
}

/// Returns the files after `documents` commits and a kill.
async fn killed(folder: &Path, documents: u32) -> Vec<Image> {
    let clock = Arc::new(ManualClock::default());
    let data = folder.join("data");
    let backend = open(&data, &Options::default(), &clock);
    let mut images = Vec::new();
    for number in 0..documents {
        commit_one(&backend, &clock, number).await;
        images.push(Image::of(&data));
    }
    images
}

#[tokio::test]
async fn a_flipped_bit_in_the_log_never_undoes_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let image = killed(folder.path(), DOCUMENTS).await.pop().unwrap();
    let mut refused = 0;
    for number in numbers(1).take(120) {
        let mut image = image.clone();
        let at = number % image.log().len();
        image.log()[at] ^= 1 << (number % 8);
        match image.open(folder.path()) {
            Err(
                OpenError::LogDamaged { .. }
                | OpenError::CommitsMissing { .. }
                | OpenError::DatabaseMissing { .. },
            ) => refused += 1,
            Err(why) => panic!("{why}"),
            Ok(_) => panic!("byte {at} of the log is flipped, and nobody says so"),
        }
        let checked = Embedded::check(&folder.path().join("image")).unwrap();
        assert!(!checked.problems.is_empty());
        let files = Image::of(&folder.path().join("image"));
        assert_eq!((files.log, files.database), (image.log, image.database), "nothing is changed");
    }
    assert_eq!(refused, 120);
}

#[tokio::test]
async fn a_log_that_is_cut_off_or_missing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let image = killed(folder.path(), DOCUMENTS).await.pop().unwrap();
    let whole = image.log.as_ref().unwrap().len();
    for kept in [0, HEADER, HEADER + FRAME, HEADER + 40 * FRAME, whole - 1] {
        let mut cut = image.clone();
        cut.log().truncate(kept);
        is_refused_as_cut(&cut, folder.path());
    }
    is_refused_as_cut(&Image { log: None, ..image }, folder.path());
}

fn is_refused_as_cut(image: &Image, folder: &Path) {
    let refused = image.open(folder).unwrap_err();
    let cut =
        matches!(refused, OpenError::CommitsMissing { .. } | OpenError::DatabaseMissing { .. });
    assert!(cut, "{refused:?}");
    assert!(refused.to_string().contains("a backup"), "{refused}");
}

#[tokio::test]
async fn without_a_mark_damage_before_the_last_commit_is_found_in_the_log_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut images = killed(folder.path(), DOCUMENTS).await;
    let (last, before) = (images.pop().unwrap(), images.pop().unwrap());
    let synced = before.log.unwrap().len();
    for number in numbers(2).take(100) {
        let mut image = Image { mark: None, ..last.clone() };
        let at = number % synced;
        image.log()[at] ^= 1 << (number % 8);
        let refused = image.open(folder.path());
        // The flag of the end of the last but one transaction can't be told from none.
        let in_last_frame = at >= synced - FRAME;
        match refused {
            Err(OpenError::LogDamaged { .. }) => {}
            Ok(_) if in_last_frame => {}
            found => panic!("byte {at} of {synced}: {found:?}"),
        }
    }
}

#[tokio::test]
async fn an_interrupted_commit_is_undone_in_whatever_order_its_pages_came_to_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let mut images = killed(folder.path(), DOCUMENTS).await;
    let (last, before) = (images.pop().unwrap(), images.pop().unwrap());
    let synced = before.log.as_ref().unwrap().len();
    let frames = (last.log.as_ref().unwrap().len() - synced) / FRAME;
    assert!((4..30).contains(&frames), "{frames}");
    for torn in numbers(3).take(100) {
        // Of the last transaction some frames are missing; it was never acknowledged.
        let mut image = Image { mark: before.mark.clone(), ..last.clone() };
        let torn = torn % ((1 << frames) - 1) + 1;
        for frame in (0..frames).filter(|frame| torn & (1 << frame) != 0) {
            image.log()[synced + frame * FRAME..][..FRAME].fill(0);
        }
        let backend = image.open(folder.path()).unwrap();
        is_right(&backend, DOCUMENTS - 1).await.unwrap();
    }
}

#[tokio::test]
async fn a_flipped_bit_in_the_database_is_refused_or_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let data = folder.path().join("data");
    let backend = open(&data, &Options::default(), &clock);
    for number in 0..DOCUMENTS {
        commit_one(&backend, &clock, number).await;
    }
    backend.close().await;
    drop(backend);
    let image = Image::of(&data);
    let (mut at_start, mut on_reading, mut harmless) = (0, 0, 0);
    for number in numbers(4).take(250) {
        let mut image = image.clone();
        let at = number % image.database.len();
        image.database[at] ^= 1 << (number % 8);
        let Ok(backend) = image.open(folder.path()) else {
            at_start += 1;
            continue;
        };
        match is_right(&backend, DOCUMENTS).await {
            Ok(()) => harmless += 1,
            Err(_) => on_reading += 1,
        }
        drop(backend);
        // Without the check at the start, a damaged row is still not believed.
        let unchecked = Options { check_up_to: 0, ..Options::default() };
        let clock = Arc::new(ManualClock::default());
        _ = Embedded::open(&image.at(folder.path()), &unchecked, clock);
    }
    println!("{at_start} refused at the start, {on_reading} on reading, {harmless} harmless");
    assert!(at_start > 60 && on_reading == 0);
}

#[tokio::test]
async fn a_row_that_is_damaged_while_it_is_open_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::default());
    let data = folder.path().join("data");
    let backend = open(&data, &Options::default(), &clock);
    commit_one(&backend, &clock, 7).await;
    write(&backend, vec![put(partition("other").key("a"), "whole")]).await;
    backend.close().await;
    drop(backend);
    let unchecked = Options { check_up_to: 0, ..Options::default() };
    for table in ["documents", "counters", "messages"] {
        let values = match table {
            "documents" => "expires_at = 1",
            "counters" => "value = 2",
            _ => "task = replace(task, '\"slot\":0', '\"slot\":9')",
        };
        let database = rusqlite::Connection::open(data.join(DATABASE)).unwrap();
        let sql = format!("UPDATE {table} SET {values}");
        assert!(database.execute(&sql, []).unwrap() > 0);
        drop(database);
        let refused = Embedded::open(&data, &Options::default(), clock.clone()).unwrap_err();
        assert!(matches!(refused, OpenError::Damaged { .. }), "{table}: {refused:?}");
        assert!(refused.to_string().contains("not as it was written"), "{refused}");
    }
    let backend = open(&data, &unchecked, &clock);
    let key = partition("").key("0007");
    let got = backend.get(std::slice::from_ref(&key)).await;
    assert!(matches!(got, Err(ReadError::Corrupt(_))), "{got:?}");
    let counted = backend.counter(&partition("").key("n")).await;
    assert!(matches!(counted, Err(ReadError::Corrupt(_))), "{counted:?}");
    // Not swept either: nobody knows when it expires.
    assert_eq!(backend.sweep(clock.now(), 10).await.unwrap(), 0);
    let checked = backend.check_again().await.unwrap();
    assert!(checked.problems.len() >= 3, "{checked:?}");
}
