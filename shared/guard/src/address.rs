//! Public addresses, told from special-purpose ones.
//!
//! Written from the IANA registries of special-purpose addresses
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>,
//! <https://www.iana.org/assignments/iana-ipv6-special-registry>), of multicast addresses, and of
//! IPv6 global unicast assignments, as they stood in 2026. Where a registry lists exceptions inside
//! a reserved block (anycast helpers, AMT relays), nobody receives webhooks there and the whole
//! block is refused. Public addresses that lead into a cloud platform are in [`platform`].

mod platform;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Block of addresses: the first one, and the length of its prefix.
type Block<Address> = (Address, u32);

/// Returns whether `address` can be the address of a host on the public Internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// IPv4 blocks that are not public.
const SPECIAL_V4: [Block<Ipv4Addr>; 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),           // this network, RFC 791
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private use, RFC 1918
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // carrier-grade NAT, RFC 6598
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback, RFC 1122
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local, RFC 3927; cloud metadata services
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private use, RFC 1918
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments, RFC 6890
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation, RFC 5737
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relay anycast, RFC 7526
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private use, RFC 1918
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarking, RFC 2544
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation, RFC 5737
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation, RFC 5737
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast, RFC 5771
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, RFC 1112, and limited broadcast, RFC 919
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_in = |block: &Block<Ipv4Addr>| is_in_v4(address, *block);
    !SPECIAL_V4.iter().any(is_in) && !platform::BLOCKS_V4.iter().any(is_in)
}

const fn is_in_v4(address: Ipv4Addr, (first, length): Block<Ipv4Addr>) -> bool {
    (address.to_bits() ^ first.to_bits()) >> (32 - length) == 0
}

/// Global unicast, RFC 4291: all that IANA hands out. Loopback, link-local, site-local, unique
/// local, multicast, discard-only, IPv4-compatible, segment routing (`5f00::/16`) and the local-use
/// NAT64 prefix (`64:ff9b:1::/48`) lie outside.
const GLOBAL_UNICAST: Block<Ipv6Addr> = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// Blocks of global unicast that are not public.
const SPECIAL_V6: [Block<Ipv6Addr>; 4] = [
    // Protocol assignments, RFC 2928: Teredo, benchmarking, ORCHID and ORCHIDv2, drone ids.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32), // documentation, RFC 3849
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),      // 6to4, RFC 3056: hides an IPv4 address
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),      // documentation, RFC 9637
];

/// Well-known NAT64 prefix, RFC 6052.
const NAT64: Block<Ipv6Addr> = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

fn is_public_v6(address: Ipv6Addr) -> bool {
    let is_in = |block: &Block<Ipv6Addr>| is_in_v6(address, *block);
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    if is_in(&NAT64) {
        return is_public_v4(last_32_bits(address));
    }
    let is_special = SPECIAL_V6.iter().any(is_in) || platform::BLOCKS_V6.iter().any(is_in);
    let leads_inward = is_isatap(address) && !is_public_v4(last_32_bits(address));
    is_in(&GLOBAL_UNICAST) && !is_special && !leads_inward
}

const fn is_in_v6(address: Ipv6Addr, (first, length): Block<Ipv6Addr>) -> bool {
    (address.to_bits() ^ first.to_bits()) >> (128 - length) == 0
}

/// Returns whether the interface identifier, in whatever network, is ISATAP's (RFC 5214, section
/// 6.1): `0:5efe` or `200:5efe` and the IPv4 address that a router of that network tunnels to.
const fn is_isatap(address: Ipv6Addr) -> bool {
    matches!(address.segments(), [_, _, _, _, 0 | 0x0200, 0x5efe, _, _])
}

const fn last_32_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}
