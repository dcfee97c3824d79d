//! Damage in the middle of a write-ahead log, found before SQLite reads it.
//!
//! SQLite takes the first frame whose checksum is wrong for the end of the log. That is right for the
//! transaction that a power cut interrupted: its pages reach the disk in any order, and nobody was told
//! that it was committed. It is wrong for damage: every commit behind the frame would be undone without
//! a word.
//!
//! The two can be told apart, because a transaction begins only once the one before is synced, and each
//! frame's checksum continues that of the frame before. So if behind the first wrong frame there is a
//! frame that ends a transaction *and* one that continues its checksum, that transaction was on the disk,
//! and what is missing was damaged. A transaction that never was synced has no successor: after a failed
//! sync the next one starts at its place again, and continues another checksum.
//!
//! Damage in the last transaction looks like an interrupted write; that is what [`mark`](crate::mark) is
//! for. Reading the log costs nothing but at a start. Format: <https://sqlite.org/fileformat2.html#walformat>.

use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use crate::connection::PAGE;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// Magic number of a log; with its last bit set, words are summed up as big-endian ones.
const MAGIC: u32 = 0x377f_0682;

/// Returns the number of the first frame that was damaged although the log goes on behind it, counted
/// from 1; zero if that is the log's header. `None` if the log is sound, or ends in an interrupted
/// transaction.
pub(crate) fn damaged_frame(log: &Path) -> io::Result<Option<u64>> {
    let file = match File::open(log) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    search(&mut BufReader::with_capacity(1 << 20, file))
}

fn search(log: &mut (impl Read + Seek)) -> io::Result<Option<u64>> {
    let mut header = [0; HEADER];
    if !fill(log, &mut header)? {
        return Ok(None);
    }
    let mut sum = Sum { big_endian: word(&header, 0) == MAGIC | 1, at: (0, 0) };
    sum.add(&header[..24]);
    if word(&header, 0) | 1 == MAGIC | 1 && sum.at == pair(&header, 24) {
        return Scan { salts: Some(pair(&header, 16)), sum, bad: None, ended: false }.run(log);
    }
    // Then the frames themselves have to say which log they are of, and how it is summed up.
    for big_endian in [false, true] {
        log.seek(SeekFrom::Start(HEADER as u64))?;
        let sum = Sum { big_endian, at: (0, 0) };
        let scan = Scan { salts: None, sum, bad: Some(0), ended: false };
        if let Some(bad) = scan.run(log)? {
            return Ok(Some(bad));
        }
    }
    Ok(None)
}

/// State of reading a log.
struct Scan {
    /// Salts of the log, which frames of an older one don't have; `None` until the first frame tells.
    salts: Option<(u32, u32)>,
    /// Checksum that the next frame continues.
    sum: Sum,
    /// First frame that is wrong.
    bad: Option<u64>,
    /// True if the frame before ended a transaction, and is the first wrong one or behind it.
    ended: bool,
}

impl Scan {
    fn run(mut self, log: &mut impl Read) -> io::Result<Option<u64>> {
        let mut frame = [0; FRAME_HEADER + PAGE as usize];
        let mut number = 0;
        while fill(log, &mut frame)? {
            number += 1;
            if self.proves_damage(number, &frame) {
                return Ok(self.bad);
            }
        }
        Ok(None)
    }

    /// Takes in the next frame. Returns true if it continues a transaction that ended at or behind the
    /// first wrong frame.
    fn proves_damage(&mut self, number: u64, frame: &[u8]) -> bool {
        let (salts, stored) = (pair(frame, 8), pair(frame, 16));
        self.sum.add(&frame[..8]);
        self.sum.add(&frame[FRAME_HEADER..]);
        let of_this_log = salts == *self.salts.get_or_insert(salts);
        let continues = of_this_log && self.sum.at == stored;
        if self.ended && continues {
            return true;
        }
        if !continues {
            self.bad.get_or_insert(number);
        }
        self.ended = self.bad.is_some() && of_this_log && word(frame, 4) != 0;
        // What the next frame continues is what this one says, whatever its content is now.
        self.sum.at = stored;
        false
    }
}

/// Running checksum of a log.
struct Sum {
    big_endian: bool,
    at: (u32, u32),
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        let read = if self.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        let (mut one, mut other) = self.at;
        for pair in bytes.as_chunks::<8>().0 {
            let [first, second] =
                [0, 4].map(|at| pair[at..].first_chunk().copied().map_or(0, read));
            one = one.wrapping_add(first).wrapping_add(other);
            other = other.wrapping_add(second).wrapping_add(one);
        }
        self.at = (one, other);
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..].first_chunk().copied().map_or(0, u32::from_be_bytes)
}

fn pair(bytes: &[u8], at: usize) -> (u32, u32) {
    (word(bytes, at), word(bytes, at + 4))
}

/// Fills `buffer`; returns false if the log ends before.
fn fill(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(why) if why.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(why) => Err(why),
    }
}
