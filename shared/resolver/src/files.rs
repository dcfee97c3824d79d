//! Configuration files of the resolver, read again when they change.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use hickory_resolver::{
    Hosts,
    config::{NameServerConfig, ResolverOpts},
    lookup::Lookup,
    proto::{
        op::Query,
        rr::{Name, RecordType},
    },
};

use crate::name_servers::NameServers;

/// Time for which the read content is used before the files are checked again. A check is two
/// `stat` calls.
const FRESH: Duration = Duration::from_secs(1);

/// Number of name servers that are read from a file, as in the C library (`MAXNS`).
const MOST_SERVERS: usize = 3;

/// Longest time for which an address is cached, so that a receiver can be moved.
const MOST_TTL: Duration = Duration::from_mins(5);

/// Longest time for which the lack of an address is cached, so that a new name works soon.
const MOST_NEGATIVE_TTL: Duration = Duration::from_secs(10);

/// Number of answers that are cached for one asker.
const REMEMBERED: u64 = 256;

/// Files with name servers and known names.
#[derive(Debug, Clone)]
pub struct Source {
    /// File in the form of `resolv.conf(5)`.
    pub resolv_conf: PathBuf,
    /// File in the form of `hosts(5)`.
    pub hosts: PathBuf,
    /// Name servers that are asked instead of those in `resolv_conf`.
    pub name_servers: NameServers,
}

impl Source {
    /// Returns the system's files; `name_servers` are asked instead of its own, if there are any.
    #[must_use]
    pub fn system(name_servers: NameServers) -> Self {
        Self { resolv_conf: "/etc/resolv.conf".into(), hosts: "/etc/hosts".into(), name_servers }
    }
}

/// Content of the files when they were read.
pub(crate) struct Snapshot {
    /// Name servers in the order in which they are asked; at least one.
    pub(crate) name_servers: Vec<NameServerConfig>,
    pub(crate) options: ResolverOpts,
    hosts: Hosts,
    stamps: [Option<Stamp>; 2],
}

/// Modification time and length of a file, to notice changes; `None` if there is no file.
type Stamp = (SystemTime, u64);

impl Snapshot {
    /// Returns the addresses of a name in the hosts file. No server is asked for a name that is
    /// there.
    pub(crate) fn known(&self, name: &Name) -> Option<Vec<IpAddr>> {
        let of = |kind| self.hosts.lookup_static_host(&Query::query(name.clone(), kind));
        let found = [of(RecordType::AAAA), of(RecordType::A)];
        let records = found.iter().flatten().flat_map(Lookup::answers);
        let addresses: Vec<_> = records.filter_map(|record| record.data.ip_addr()).collect();
        (!addresses.is_empty()).then_some(addresses)
    }
}

/// Files, and their latest content.
pub(crate) struct Files {
    source: Source,
    /// Time of the last check, on the monotonic clock, and the content then.
    read: Mutex<(Duration, Arc<Snapshot>)>,
}

impl Files {
    /// Reads the files of `source`; it is `now` on the monotonic clock.
    pub(crate) fn new(source: Source, now: Duration) -> Self {
        let snapshot = Arc::new(read(&source));
        Self { source, read: Mutex::new((now, snapshot)) }
    }

    /// Returns the content of the files, at most [`FRESH`] ago.
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
    // Taken before the files are read: a change in between then causes another read instead of
    // being missed.
    let stamps = stamps(source);
    let parsed = parse(&source.resolv_conf);
    let options = options(&parsed);
    let name_servers = name_servers(&source.name_servers, &parsed);
    tracing::debug!(?name_servers, "read which name servers to ask");
    let name_servers = name_servers.configured(parsed.use_vc);
    Snapshot { name_servers, options, hosts: hosts(&source.hosts), stamps }
}

fn options(parsed: &resolv_conf::Config) -> ResolverOpts {
    let mut options = ResolverOpts::default();
    options.timeout = Duration::from_secs(u64::from(parsed.timeout));
    options.attempts = usize::try_from(parsed.attempts).unwrap_or(usize::MAX);
    options.edns0 = parsed.edns0;
    options.cache_size = REMEMBERED;
    options.positive_max_ttl = Some(MOST_TTL);
    options.negative_max_ttl = Some(MOST_NEGATIVE_TTL);
    options
}

fn parse(path: &Path) -> resolv_conf::Config {
    // Without a file the text is empty, and the name server is this machine's.
    let text = fs::read(path).unwrap_or_default();
    let (parsed, errors) = resolv_conf::Config::parse_with_errors(&text);
    for why in errors {
        tracing::warn!(%why, path = %path.display(), "a line that can't be read is passed over");
    }
    parsed
}

/// Returns the operator's name servers, or else those of `resolv.conf`, or else the one of this
/// machine, as the C library does.
fn name_servers(set: &NameServers, parsed: &resolv_conf::Config) -> NameServers {
    if !set.is_empty() {
        return set.clone();
    }
    let listed = parsed.nameservers.iter().map(IpAddr::from).take(MOST_SERVERS);
    let listed: NameServers = listed.collect();
    if listed.is_empty() { std::iter::once(Ipv4Addr::LOCALHOST.into()).collect() } else { listed }
}

fn hosts(path: &Path) -> Hosts {
    let mut hosts = Hosts::default();
    let read = fs::File::open(path).and_then(|file| hosts.read_hosts_conf(file));
    match read {
        Err(why) if why.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%why, path = %path.display(), "the hosts file can't be read");
        }
        _ => {}
    }
    hosts
}

fn stamps(source: &Source) -> [Option<Stamp>; 2] {
    [&source.resolv_conf, &source.hosts].map(|path| {
        let file = fs::metadata(path).ok()?;
        Some((file.modified().ok()?, file.len()))
    })
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

    fn servers(snapshot: &Snapshot) -> Vec<String> {
        snapshot.name_servers.iter().map(|server| server.ip.to_string()).collect()
    }

    fn known(snapshot: &Snapshot, name: &str) -> Option<Vec<String>> {
        let known = snapshot.known(&Name::from_ascii(name).unwrap())?;
        Some(known.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn changed_files_are_read_after_a_second() {
        let directory = tempfile::tempdir().unwrap();
        let source = source(directory.path());
        let files = Files::new(source.clone(), Duration::ZERO);
        assert_eq!(servers(&files.current(Duration::ZERO)), ["127.0.0.1"]);

        fs::write(&source.resolv_conf, "nameserver 10.0.0.2\n").unwrap();
        fs::write(&source.hosts, "10.0.0.9 hooks.example\n").unwrap();
        let early = files.current(Duration::from_millis(999));
        assert_eq!(
            (servers(&early), known(&early, "hooks.example.")),
            (vec!["127.0.0.1".into()], None)
        );
        let later = files.current(Duration::from_secs(1));
        assert_eq!(servers(&later), ["10.0.0.2"]);
        assert_eq!(known(&later, "hooks.example."), Some(vec!["10.0.0.9".into()]));

        fs::remove_file(&source.resolv_conf).unwrap();
        assert_eq!(servers(&files.current(Duration::from_secs(2))), ["127.0.0.1"]);
    }

    #[test]
    fn unchanged_files_are_not_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::new(source(directory.path()), Duration::ZERO);
        let (one, other) = (files.current(Duration::ZERO), files.current(Duration::from_hours(1)));
        assert!(Arc::ptr_eq(&one, &other));
    }

    #[test]
    fn name_servers_and_options_are_read_from_resolv_conf() {
        let directory = tempfile::tempdir().unwrap();
        let source = source(directory.path());
        let text = "search corp.test\ndomain corp.test\nnonsense\nnameserver 10.0.0.2\n\
            nameserver fd00::2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n\
            options ndots:5 timeout:2 attempts:3 edns0\n";
        fs::write(&source.resolv_conf, text).unwrap();
        let snapshot = Files::new(source, Duration::ZERO).current(Duration::ZERO);
        assert_eq!(servers(&snapshot), ["10.0.0.2", "fd00::2", "10.0.0.3"]);
        let options = &snapshot.options;
        assert_eq!((options.timeout, options.attempts), (Duration::from_secs(2), 3));
        assert!(options.edns0);
    }

    #[test]
    fn the_operators_name_servers_replace_those_of_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let source =
            Source { name_servers: "10.0.0.7:5353".parse().unwrap(), ..source(directory.path()) };
        fs::write(&source.resolv_conf, "nameserver 10.0.0.2\noptions timeout:2\n").unwrap();
        let snapshot = Files::new(source, Duration::ZERO).current(Duration::ZERO);
        assert_eq!(servers(&snapshot), ["10.0.0.7"]);
        let ports = snapshot.name_servers[0].connections.iter().map(|at| at.port);
        assert_eq!(ports.collect::<Vec<_>>(), [5353, 5353]);
        assert_eq!(snapshot.options.timeout, Duration::from_secs(2));
    }
}
