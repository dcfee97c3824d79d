//! Mark of the last commit that was acknowledged, beside the database.
//!
//! The write-ahead log has checksums, but SQLite takes the first frame that is wrong for the log's end:
//! after a crash, a flipped bit would silently undo every commit behind it, and so would a log that is
//! missing. So each transaction counts itself in the database, and once it is synced its number is
//! written here. A database that counts fewer than its mark has lost what was acknowledged.
//!
//! The mark is not synced: that would double the cost of a commit. After `kill -9` it is exact, because
//! the operating system has it. After a power cut it may be some seconds old, and then says less, but
//! never too much: it is only written once the commit is on the disk. What it misses then, [`wal`] finds
//! as long as later commits follow.
//!
//! [`wal`]: crate::wal

use std::{fs::File, io, os::unix::fs::FileExt as _, path::Path};

use crc32fast::hash;

use crate::directory::{mark_in, private_file, sync};

/// Bytes of a slot: a sector, which a disk writes whole. Two are written in turn, so that one is whole
/// whatever happens to the other.
const SLOT: usize = 512;
const SLOTS: u64 = 2;
/// First bytes of a slot.
const MAGIC: [u8; 8] = *b"LtHkMark";
const COUNT_AT: usize = MAGIC.len();
const SUM_AT: usize = COUNT_AT + 8;

/// Mark file of a data directory.
#[derive(Debug)]
pub(crate) struct Mark(File);

impl Mark {
    /// Opens the mark of the data directory `path`, writing `count` as the first if there is none.
    pub(crate) fn open(path: &Path, count: u64) -> io::Result<Self> {
        let file = private_file(&mark_in(path))?;
        let mark = Self(file);
        let whole = SLOT as u64 * SLOTS;
        if mark.0.metadata()?.len() != whole {
            mark.0.set_len(whole)?;
        }
        // Both slots, with real bytes: no later mark needs space that a full disk doesn't have.
        mark.write(count)?;
        mark.0.write_all_at(&slot(count), SLOT as u64 * ((count + 1) % SLOTS))?;
        mark.0.sync_all()?;
        sync(path)?;
        Ok(mark)
    }

    /// Marks the transaction with the number `count` as committed.
    pub(crate) fn write(&self, count: u64) -> io::Result<()> {
        self.0.write_all_at(&slot(count), SLOT as u64 * (count % SLOTS))
    }
}

/// Returns the number of the last transaction that the data directory `path` is known to have
/// committed; `None` without a mark that can be read.
pub(crate) fn read(path: &Path) -> io::Result<Option<u64>> {
    let bytes = match std::fs::read(mark_in(path)) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        bytes => bytes?,
    };
    Ok(bytes.chunks(SLOT).filter_map(count).max())
}

fn slot(count: u64) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    slot[..COUNT_AT].copy_from_slice(&MAGIC);
    slot[COUNT_AT..SUM_AT].copy_from_slice(&count.to_le_bytes());
    let sum = hash(&slot[..SUM_AT]);
    slot[SUM_AT..SUM_AT + 4].copy_from_slice(&sum.to_le_bytes());
    slot
}

fn count(slot: &[u8]) -> Option<u64> {
    let (marked, rest) = slot.split_at_checked(SUM_AT)?;
    let sum = u32::from_le_bytes(rest.first_chunk().copied()?);
    let count = marked.strip_prefix(&MAGIC)?.first_chunk().copied()?;
    (hash(marked) == sum).then_some(u64::from_le_bytes(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mark_is_read_and_a_damaged_slot_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        let mark = Mark::open(folder.path(), 7).unwrap();
        assert_eq!(read(folder.path()).unwrap(), Some(7));
        for count in 8..11 {
            mark.write(count).unwrap();
        }
        assert_eq!(read(folder.path()).unwrap(), Some(10));
        let mut bytes = std::fs::read(mark_in(folder.path())).unwrap();
        bytes[COUNT_AT] ^= 1;
        std::fs::write(mark_in(folder.path()), bytes).unwrap();
        assert_eq!(read(folder.path()).unwrap(), Some(9));
    }
}
