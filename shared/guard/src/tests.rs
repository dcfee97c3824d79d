use super::*;

fn guard(allow: &str) -> Guard {
    Guard::new(allow.parse().unwrap())
}

fn permits(guard: &Guard, address: &str) -> bool {
    guard.permits(address.parse().unwrap())
}

#[test]
fn special_purpose_addresses_are_refused() {
    for address in [
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::ffff:0:8.8.8.8",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::8.8.8.8",
        "64:ff9b:0:1::8.8.8.8",
        "100::1",
        "100:0:0:1::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "3fff:fff:ffff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ] {
        assert!(!permits(&guard(""), address), "{address}");
    }
}

#[test]
fn public_addresses_next_to_forbidden_blocks_are_permitted() {
    for address in [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2000::1",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2001:db7:ffff::1",
        "2001:db9::1",
        "2003::1",
        "2606:4700:4700::1111",
        "3ffe:ffff::1",
        "3fff:1000::1",
    ] {
        assert!(permits(&guard(""), address), "{address}");
    }
}

#[test]
fn platform_addresses_in_public_space_are_refused() {
    for address in [
        "168.63.129.16",
        "::ffff:168.63.129.16",
        "::ffff:a83f:8110",
        "64:ff9b::168.63.129.16",
        "2606:4700::5efe:168.63.129.16",
        "199.36.153.4",
        "199.36.153.7",
        "199.36.153.8",
        "199.36.153.11",
        "2600:2d00:2:1000::1",
        "2600:2d00:2:1000:ffff:ffff:ffff:ffff",
        "2600:2d00:2:2000::1",
        "35.199.192.0",
        "35.199.223.255",
        "161.26.0.10",
        "161.26.255.255",
        "166.8.0.0",
        "166.11.255.255",
        "192.80.8.124",
        "34.118.224.1",
        "34.118.239.255",
        "::ffff:34.118.224.1",
        "64:ff9b::34.118.224.1",
        "183.60.83.19",
        "183.60.82.98",
    ] {
        assert!(!permits(&guard(""), address), "{address}");
    }
    for address in [
        "168.63.129.15",
        "168.63.129.17",
        "64:ff9b::168.63.129.17",
        "199.36.153.3",
        "199.36.153.12",
        "2600:2d00:2:fff::1",
        "2600:2d00:2:1001::1",
        "2600:2d00:2:2001::1",
        "35.199.191.255",
        "35.199.224.0",
        "161.25.255.255",
        "161.27.0.0",
        "166.7.255.255",
        "166.12.0.0",
        "192.80.8.123",
        "192.80.8.125",
        "34.118.223.255",
        "34.118.240.0",
        "183.60.83.18",
        "183.60.82.99",
    ] {
        assert!(permits(&guard(""), address), "{address}");
    }
}

#[test]
fn the_operator_can_allow_platform_addresses() {
    let guard = guard("168.63.129.16, 166.8.0.0/14, 2600:2d00:2:1000::/64");
    for open in ["168.63.129.16", "::ffff:168.63.129.16", "166.9.1.2", "2600:2d00:2:1000::1"] {
        assert!(permits(&guard, open), "{open}");
    }
    for closed in ["161.26.0.10", "2600:2d00:2:2000::1", "64:ff9b::168.63.129.16"] {
        assert!(!permits(&guard, closed), "{closed}");
    }
}

#[test]
fn tunnel_addresses_are_judged_by_their_ipv4_address() {
    for (prefix, mark) in [("2606:4700:1:2", "0:5efe"), ("2a01:4f8:9:9", "200:5efe")] {
        for inward in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "168.63.129.16"] {
            let address = format!("{prefix}:{mark}:{inward}");
            assert!(!permits(&guard(""), &address), "{address}");
        }
        let outward = format!("{prefix}:{mark}:8.8.8.8");
        assert!(permits(&guard(""), &outward), "{outward}");
    }
    for ordinary in ["2606:4700:1:2:0:5eff:10.0.0.1", "2606:4700:1:2:100:5efe:10.0.0.1"] {
        assert!(permits(&guard(""), ordinary), "{ordinary}");
    }
}

#[test]
fn an_allowed_network_permits_nothing_outside_it() {
    let guard = guard("127.0.0.0/8, fd00:1::/32,10.1.2.3");
    for open in ["127.0.0.1", "127.255.0.1", "::ffff:127.0.0.1", "fd00:1::7", "10.1.2.3"] {
        assert!(permits(&guard, open), "{open}");
    }
    for closed in ["::1", "fd00:2::7", "10.1.2.4", "64:ff9b::127.0.0.1", "0.0.0.0"] {
        assert!(!permits(&guard, closed), "{closed}");
    }
}

#[test]
fn networks_of_every_prefix_length_are_parsed() {
    assert!("0.0.0.0/0".parse::<AllowNetworks>().unwrap().contains("10.0.0.1".parse().unwrap()));
    assert!(!"0.0.0.0/0".parse::<AllowNetworks>().unwrap().contains("::1".parse().unwrap()));
    assert!("::/0".parse::<AllowNetworks>().unwrap().contains("::1".parse().unwrap()));
    assert!("".parse::<AllowNetworks>().unwrap().is_empty());
    let listed: AllowNetworks = " 127.0.0.0/8 ,::1 ,, 10.0.0.0/9".parse().unwrap();
    assert_eq!(listed.to_string(), "127.0.0.0/8,::1/128,10.0.0.0/9");
    assert_eq!(listed.to_string().parse(), Ok(listed));
}

#[test]
fn an_invalid_network_is_named_in_the_error() {
    for text in ["localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10/8", "/8"] {
        let refused = text.parse::<AllowNetworks>();
        assert_eq!(refused, Err(NotANetwork::Malformed(text.to_owned())), "{text}");
    }
    let refused = "10.1.2.3/8".parse::<AllowNetworks>().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "10.1.2.3/8 has bits set beyond its prefix; the network is 10.0.0.0/8"
    );
}

#[test]
fn private_names_may_only_lead_to_allowed_networks() {
    let (public, loopback) = ("8.8.8.8".parse().unwrap(), "127.0.0.1".parse().unwrap());
    let guard = guard("127.0.0.0/8");
    for name in [
        "localhost",
        "localhost.",
        "hooks.localhost",
        "db",
        "printer.local",
        "metadata.google.internal",
        "nas.home.arpa",
        "home.arpa",
        "router.lan",
        "wiki.corp",
        "x.localdomain",
    ] {
        assert!(!guard.permits_under(name, public), "{name}");
        assert!(guard.permits_under(name, loopback), "{name}");
        assert!(!guard.rules_out(name), "{name}");
        assert!(super::Guard::new(AllowNetworks::default()).rules_out(name), "{name}");
    }
}

#[test]
fn qualified_names_are_judged_by_their_addresses() {
    let guard = guard("");
    for name in ["example.com", "localhost.example.com", "local.io", "home.example", "a.arpa"] {
        assert!(guard.permits_under(name, "8.8.8.8".parse().unwrap()), "{name}");
        assert!(!guard.permits_under(name, "127.0.0.1".parse().unwrap()), "{name}");
        assert!(!guard.rules_out(name), "{name}");
    }
}
