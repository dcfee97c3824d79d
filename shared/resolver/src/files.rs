//! The files that say whom to ask, read again when they change.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use crate::{
    hosts::Hosts,
    resolv_conf::{Config, NameServers},
};

/// How long what was read counts before the files are looked at again. A look is two `stat` calls.
const FRESH: Duration = Duration::from_secs(1);

/// Where name servers and known names are told.
#[derive(Debug, Clone)]
pub struct Source {
    /// A file in the form of `resolv.conf(5)`.
    pub resolv_conf: PathBuf,
    /// A file in the form of `hosts(5)`.
    pub hosts: PathBuf,
    /// Name servers that are asked instead of those in `resolv_conf`.
    pub name_servers: NameServers,
}

impl Source {
    /// The system's files; `name_servers` are asked instead of its own, if there are any.
    #[must_use]
    pub fn system(name_servers: NameServers) -> Self {
        Self { resolv_conf: "/etc/resolv.conf".into(), hosts: "/etc/hosts".into(), name_servers }
    }
}

/// What the files said when they were read.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) config: Config,
    pub(crate) hosts: Hosts,
    stamps: [Option<Stamp>; 2],
}

/// What tells one version of a file from another; none where there is no file.
type Stamp = (SystemTime, u64);

/// The files, as they stand.
#[derive(Debug)]
pub(crate) struct Files {
    source: Source,
    /// When they were last looked at, on the monotonic clock, and what they said.
    read: Mutex<(Duration, Arc<Snapshot>)>,
}

impl Files {
    /// Reads the files of `source`; it is `now` on the monotonic clock.
    pub(crate) fn new(source: Source, now: Duration) -> Self {
        let snapshot = Arc::new(read(&source));
        Self { source, read: Mutex::new((now, snapshot)) }
    }

    /// What they say, at most [`FRESH`] ago.
    pub(crate) fn current(&self, now: Duration) -> Arc<Snapshot> {
        let mut read_at = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let (looked, snapshot) = &mut *read_at;
        if now.saturating_sub(*looked) >= FRESH {
            *looked = now;
            if stamps(&self.source) != snapshot.stamps {
                *snapshot = Arc::new(read(&self.source));
            }
        }
        Arc::clone(snapshot)
    }
}

fn read(source: &Source) -> Snapshot {
    // Before the files: one that changes in between is read once more, not once too seldom.
    let stamps = stamps(source);
    let text = |path: &Path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let mut config = Config::parse(&text(&source.resolv_conf), interface_index);
    if !source.name_servers.is_empty() {
        config.servers = source.name_servers.addresses().to_vec();
    }
    tracing::debug!(servers = ?config.servers, "read which name servers to ask");
    Snapshot { config, hosts: Hosts::parse(&text(&source.hosts)), stamps }
}

fn stamps(source: &Source) -> [Option<Stamp>; 2] {
    [&source.resolv_conf, &source.hosts].map(|path| {
        let file = std::fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    })
}

/// The number of a network interface, where Linux tells it.
fn interface_index(name: &str) -> Option<u32> {
    if name.contains('/') || name.starts_with('.') {
        return None;
    }
    let index = std::fs::read_to_string(Path::new("/sys/class/net").join(name).join("ifindex"));
    index.ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(directory: &Path) -> Source {
        Source {
            resolv_conf: directory.join("resolv.conf"),
            hosts: directory.join("hosts"),
            name_servers: NameServers::default(),
        }
    }

    fn first_server(snapshot: &Snapshot) -> String {
        snapshot.config.servers[0].to_string()
    }

    #[test]
    fn a_change_is_picked_up_after_a_second() {
        let directory = tempfile::tempdir().unwrap();
        let source = source(directory.path());
        let files = Files::new(source.clone(), Duration::ZERO);
        assert_eq!(first_server(&files.current(Duration::ZERO)), "127.0.0.1:53");

        std::fs::write(&source.resolv_conf, "nameserver 10.0.0.2\n").unwrap();
        std::fs::write(&source.hosts, "10.0.0.9 hooks.example\n").unwrap();
        let early = files.current(Duration::from_millis(999));
        assert_eq!(
            (first_server(&early).as_str(), early.hosts.find("hooks.example")),
            ("127.0.0.1:53", None)
        );
        let later = files.current(Duration::from_secs(1));
        assert_eq!(first_server(&later), "10.0.0.2:53");
        assert_eq!(later.hosts.find("hooks.example"), Some(vec!["10.0.0.9".parse().unwrap()]));

        std::fs::remove_file(&source.resolv_conf).unwrap();
        assert_eq!(first_server(&files.current(Duration::from_secs(2))), "127.0.0.1:53");
    }

    #[test]
    fn what_did_not_change_is_not_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(source(directory.path()), Duration::ZERO);
        let (one, other) = (files.current(Duration::ZERO), files.current(Duration::from_hours(1)));
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn name_servers_of_the_operator_stand_in_for_those_of_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let source =
            Source { name_servers: "10.0.0.7:5353".parse().unwrap(), ..source(directory.path()) };
        std::fs::write(&source.resolv_conf, "nameserver 10.0.0.2\noptions timeout:2\n").unwrap();
        let config = Files::new(source, Duration::ZERO).current(Duration::ZERO).config.clone();
        assert_eq!(config.servers, ["10.0.0.7:5353".parse().unwrap()]);
        assert_eq!(config.timeout, Duration::from_secs(2));
    }

    #[test]
    fn a_name_of_an_interface_never_leaves_its_folder() {
        for name in ["../../../etc/hosts", ".", "..", "nothing-of-that-name"] {
            assert_eq!(interface_index(name), None, "{name}");
        }
    }
}
