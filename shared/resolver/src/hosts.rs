//! The `hosts` file: names that are known without asking.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Names that are known without asking, from a file in the form of `hosts(5)`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Hosts(HashMap<String, Vec<IpAddr>>);

impl Hosts {
    /// Reads lines of an address and its names; what follows `#` is a comment.
    pub(crate) fn parse(text: &str) -> Self {
        let mut hosts = HashMap::<String, Vec<IpAddr>>::new();
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_ascii_whitespace();
            let Some(address) = words.next().and_then(|word| word.parse::<IpAddr>().ok()) else {
                continue;
            };
            for name in words {
                let addresses = hosts.entry(normal(name)).or_default();
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
        }
        Self(hosts)
    }

    /// The addresses of `name`, which is [`normal`]. `localhost` and names in it are this machine,
    /// whatever the file leaves out (RFC 6761, section 6.3).
    pub(crate) fn find(&self, name: &str) -> Option<Vec<IpAddr>> {
        let is_local = || name == "localhost" || name.ends_with(".localhost");
        let local = || vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        self.0.get(name).cloned().or_else(|| is_local().then(local))
    }
}

/// A name as it is compared: in lower case, without the dot that ends an absolute one.
pub(crate) fn normal(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, name: &str) -> Option<Vec<String>> {
        let found = Hosts::parse(text).find(&normal(name))?;
        Some(found.iter().map(ToString::to_string).collect())
    }

    const HOSTS: &str = "127.0.0.1 localhost\n\
        ::1\tlocalhost ip6-localhost # this machine\n\
        # 10.0.0.9 commented.example\n\
        10.0.0.2 Hooks.Customer.Test. alias\n\
        10.0.0.3 hooks.customer.test\n\
        10.0.0.2 alias\n\
        nonsense somewhere.example\n\
        10.0.0.4\n";

    #[test]
    fn every_address_of_a_name_is_found_in_the_order_of_the_file() {
        assert_eq!(
            find(HOSTS, "hooks.customer.test"),
            Some(vec!["10.0.0.2".into(), "10.0.0.3".into()])
        );
        assert_eq!(find(HOSTS, "HOOKS.customer.TEST."), find(HOSTS, "hooks.customer.test"));
        assert_eq!(find(HOSTS, "alias"), Some(vec!["10.0.0.2".into()]));
        for unknown in ["commented.example", "somewhere.example", "customer.test", "10.0.0.4", ""] {
            assert_eq!(find(HOSTS, unknown), None, "{unknown}");
        }
    }

    #[test]
    fn localhost_is_this_machine_with_or_without_a_file() {
        let both = Some(vec!["127.0.0.1".into(), "::1".into()]);
        assert_eq!(find(HOSTS, "localhost"), both);
        assert_eq!(find("", "localhost"), both);
        assert_eq!(find("", "hooks.localhost."), both);
        assert_eq!(find("127.0.0.5 localhost", "localhost"), Some(vec!["127.0.0.5".into()]));
        assert_eq!(find("", "notlocalhost"), None);
    }
}
