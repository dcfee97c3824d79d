//! Key ring file: complete or missing, and for its owner only.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use latchhook_sealed::{
    KeyRing, NotAKeyRing,
    ring_file::{IfMissing, RingFileError, load_or_create},
};
use tempfile::TempDir;

use crate::support::CountingIds;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key-ring.json");
    (folder, path)
}

fn create(path: &Path) -> KeyRing {
    load_or_create(path, IfMissing::Create, &CountingIds::default()).unwrap()
}

fn refusal(path: &Path) -> RingFileError {
    // Any existing file counts, even where one may be created.
    load_or_create(path, IfMissing::Create, &CountingIds::seeded(1)).unwrap_err()
}

fn write(path: &Path, text: impl AsRef<[u8]>) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn the_ring_file_is_created_once_and_for_its_owner_only() {
    let (folder, path) = folder();
    let made = create(&path);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");

    for if_missing in [IfMissing::Create, IfMissing::Refuse] {
        let read = load_or_create(&path, if_missing, &CountingIds::seeded(1)).unwrap();
        assert_eq!(read.text(), made.text());
    }
}

#[test]
fn no_ring_file_is_created_beside_an_existing_database() {
    let (folder, path) = folder();
    let refused = load_or_create(&path, IfMissing::Refuse, &CountingIds::default());
    assert!(matches!(refused, Err(RingFileError::Missing(_))));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn processes_that_start_at_once_get_the_same_ring() {
    let (folder, path) = folder();
    let rings = std::thread::scope(|scope| {
        let starting: Vec<_> = (1..=8)
            .map(|seed| {
                let path = &path;
                scope.spawn(move || {
                    let ids = CountingIds::seeded(seed);
                    load_or_create(path, IfMissing::Create, &ids).unwrap().text()
                })
            })
            .collect();
        starting.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(rings.iter().all(|ring| ring == &rings[0]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_ring_file_that_others_can_access_is_refused() {
    let (_folder, path) = folder();
    create(&path);
    for mode in [0o640, 0o604, 0o620, 0o602, 0o644, 0o777] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let refused = refusal(&path);
        assert!(matches!(refused, RingFileError::Exposed { mode: told, .. } if told == mode));
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    create(&path);
}

#[test]
fn a_half_written_ring_file_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let whole = create(&path).text();
    let json = whole.expose().trim_end();
    for length in 0..json.len() {
        write(&path, &json[..length]);
        let refused = refusal(&path);
        assert!(
            matches!(refused, RingFileError::Unusable { source: NotAKeyRing::Truncated, .. }),
            "{refused:?}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), json[..length]);
    }
}

#[test]
fn a_ring_file_that_is_not_text_or_not_a_file_is_refused() {
    let (_folder, path) = folder();
    write(&path, [0xff; 40]);
    assert!(matches!(
        refusal(&path),
        RingFileError::Io { source, .. } if source.kind() == io::ErrorKind::InvalidData
    ));
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    assert!(matches!(refusal(&path), RingFileError::Io { what: "read", .. }));
    assert!(matches!(refusal(&path.join("none/ring")), RingFileError::Io { what: "create", .. }));
}
