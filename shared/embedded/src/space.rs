//! Free space on the disk of the data directory, and what is given up while there is little.

use std::{
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rustix::fs::{FallocateFlags, fallocate, statvfs};

use crate::directory::private_file;

/// Interval between two looks at the disk.
const INTERVAL: Duration = Duration::from_secs(1);
/// Share of the mark below which only what must go on is committed.
const NARROW: u64 = 4;
/// Share of the mark that is kept as a file, to be given up when the disk is full.
const RESERVE: u64 = 16;

/// Source of the number of bytes that are free.
pub(crate) type Probe = Box<dyn Fn() -> io::Result<u64> + Send>;

/// Amount of room on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Room {
    /// Everything is committed.
    #[default]
    Enough,
    /// Documents that are expendable are dropped.
    Little,
    /// Only commits that finish messages, or that take something away, are accepted.
    Hardly,
}

/// Figures of the store for metrics; shared by whoever shows them.
#[derive(Debug, Default)]
pub struct Figures {
    /// Documents that were dropped because there was little free space.
    dropped: AtomicU64,
    /// Free bytes at the last look; zero before the first.
    free: AtomicU64,
    /// Damaged things that the last check found.
    damaged: AtomicU64,
}

impl Figures {
    /// Returns the number of documents that were dropped because there was little free space.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Returns the number of bytes that were free at the last look.
    #[must_use]
    pub fn free(&self) -> u64 {
        self.free.load(Ordering::Relaxed)
    }

    /// Returns the number of damaged things that the last check of the database found.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.damaged.load(Ordering::Relaxed)
    }

    pub(crate) fn drop_one(&self) {
        self.dropped.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn found_damaged(&self, things: usize) {
        self.damaged.store(things as u64, Ordering::Relaxed);
    }
}

/// Watch on the free space of a data directory.
pub(crate) struct Space {
    /// Number of free bytes below which there is little room; zero if nobody watches.
    mark: u64,
    probe: Probe,
    reserve: PathBuf,
    next_look: Duration,
    room: Room,
    figures: Arc<Figures>,
}

impl Space {
    /// Creates a watch on the disk of the data directory `path`.
    pub(crate) fn watch(path: &Path, mark: u64, figures: Arc<Figures>) -> Self {
        let disk = path.to_owned();
        let probe = move || {
            let disk = statvfs(&disk)?;
            Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
        };
        Self::probed_by(Box::new(probe), path, mark, figures)
    }

    /// Creates a watch that asks `probe`.
    pub(crate) fn probed_by(probe: Probe, path: &Path, mark: u64, figures: Arc<Figures>) -> Self {
        let reserve = path.join("latchhook.reserve");
        Self { mark, probe, reserve, next_look: Duration::ZERO, room: Room::Enough, figures }
    }

    /// Returns how much room there is; looks at most once a second. `now` is monotonic.
    pub(crate) fn room(&mut self, now: Duration) -> Room {
        if self.mark > 0 && now >= self.next_look {
            self.next_look = now + INTERVAL;
            self.look();
        }
        self.room
    }

    /// Gives up the reserve, after the disk has refused a write.
    pub(crate) fn is_full(&mut self) {
        self.next_look = Duration::ZERO;
        if let Err(why) = give_up(&self.reserve) {
            tracing::error!(%why, "the reserve of free space can't be given up");
        }
    }

    fn look(&mut self) {
        let free = match (self.probe)() {
            Ok(free) => free,
            // What can't be measured is not taken for full.
            Err(why) => return tracing::warn!(%why, "the free space can't be measured"),
        };
        self.figures.free.store(free, Ordering::Relaxed);
        let room = match free {
            free if free < self.mark / NARROW => Room::Hardly,
            free if free < self.mark => Room::Little,
            _ => Room::Enough,
        };
        let size = self.mark / RESERVE;
        if free < size {
            self.is_full();
        } else if free >= self.mark + size {
            self.keep_reserve(size);
        }
        if room != self.room {
            self.tell(room, free);
        }
        self.room = room;
    }

    fn keep_reserve(&self, size: u64) {
        let kept = fs::metadata(&self.reserve).is_ok_and(|file| file.len() == size);
        if kept {
            return;
        }
        let reserved = private_file(&self.reserve).and_then(|file| {
            file.set_len(0)?;
            // Sparse bytes would reserve nothing. Where the file system can't do it, the mark alone
            // has to do.
            match fallocate(&file, FallocateFlags::empty(), 0, size) {
                Err(rustix::io::Errno::OPNOTSUPP) => Ok(()),
                reserved => Ok(reserved?),
            }
        });
        if let Err(why) = reserved {
            tracing::warn!(%why, "no reserve of free space can be kept");
        }
    }

    fn tell(&self, room: Room, free: u64) {
        let (mark, dropped) = (self.mark, self.figures.dropped());
        match room {
            Room::Enough => tracing::info!(free, dropped, "there is enough free space again"),
            Room::Little => {
                tracing::error!(free, mark, "little free space: log rows are dropped and counted");
            }
            Room::Hardly => {
                tracing::error!(free, mark, "hardly any free space: nothing new is accepted");
            }
        }
    }
}

fn give_up(reserve: &Path) -> io::Result<()> {
    match fs::remove_file(reserve) {
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_follows_the_free_space_and_the_reserve_is_given_up_before_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let free = Arc::new(AtomicU64::new(10_000));
        let figures = Arc::<Figures>::default();
        let source = Arc::clone(&free);
        let probe = Box::new(move || Ok(source.load(Ordering::Relaxed)));
        let mut space = Space::probed_by(probe, folder.path(), 8_000, Arc::clone(&figures));
        let reserve = folder.path().join("latchhook.reserve");
        let seconds = [10_000, 7_999, 1_999, 499, 8_400, 8_500];
        let rooms =
            [Room::Enough, Room::Little, Room::Hardly, Room::Hardly, Room::Enough, Room::Enough];
        let kept = [true, true, true, false, false, true];
        for (second, ((bytes, room), kept)) in (0..).zip(seconds.into_iter().zip(rooms).zip(kept)) {
            free.store(bytes, Ordering::Relaxed);
            assert_eq!(space.room(Duration::from_secs(second)), room, "{bytes} bytes");
            assert_eq!(reserve.exists(), kept, "{bytes} bytes");
            assert_eq!(figures.free(), bytes);
        }
        assert_eq!(fs::metadata(&reserve).unwrap().len(), 500);
    }

    #[test]
    fn the_disk_is_looked_at_once_a_second() {
        let folder = tempfile::tempdir().unwrap();
        let looks = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&looks);
        let probe = Box::new(move || Ok(counted.fetch_add(1, Ordering::Relaxed)));
        let mut space = Space::probed_by(probe, folder.path(), 1, Arc::default());
        for millis in [0, 1, 999, 1_000, 1_500] {
            space.room(Duration::from_millis(millis));
        }
        assert_eq!(looks.load(Ordering::Relaxed), 2);
    }
}
