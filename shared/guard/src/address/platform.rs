//! Addresses in public space that lead into a platform.
//!
//! A cloud gives its own services addresses that can't clash with a customer's network, so it takes
//! public ones; they only work from a machine on that cloud, and lead to its internal services. No
//! receiver can have them, as the linked source of each block says.
//!
//! Left out, as far as they are known:
//! - addresses that private and link-local space covers already: the metadata services of AWS,
//!   Google Cloud, `OpenStack`, `DigitalOcean`, Hetzner, Huawei, Yandex (`169.254.169.254`),
//!   Scaleway (`169.254.42.42`), Tencent (`169.254.0.23`), Alibaba (`100.100.100.200`), Oracle
//!   (`192.0.0.192`), and over IPv6 `fd00:ec2::254`, `fd20:ce::254`, `fd00:42::42` and
//!   `fe80::a9fe:a9fe`;
//! - addresses of a cloud's services that answer the Internet too, such as Google's
//!   `34.126.0.0/18`: receivers may run there;
//! - addresses that only send, such as those of load balancers' health checks (`35.191.0.0/16`,
//!   `130.211.0.0/22`): their owners use them for services as well.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::Block;

pub(super) const BLOCKS_V4: [Block<Ipv4Addr>; 10] = [
    // Azure: wire server, DNS, DHCP and health probes, at the virtual machine's own host.
    // <https://learn.microsoft.com/en-us/azure/virtual-network/what-is-ip-address-168-63-129-16>
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Google Cloud: restricted.googleapis.com and private.googleapis.com, not announced to the
    // Internet.
    // <https://cloud.google.com/vpc/docs/configure-private-google-access-hybrid#config-choose-domain>
    (Ipv4Addr::new(199, 36, 153, 4), 30),
    (Ipv4Addr::new(199, 36, 153, 8), 30),
    // Google Cloud: source addresses of Cloud DNS inside a network; routed in that network alone.
    // <https://cloud.google.com/dns/docs/zones/zones-overview#forwarding-zones>
    (Ipv4Addr::new(35, 199, 192, 0), 19),
    // Google Kubernetes Engine: services of a cluster by default, the API of Kubernetes the first of
    // them; they lead somewhere within a cluster alone.
    // <https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing>
    (Ipv4Addr::new(34, 118, 224, 0), 20),
    // Tencent Cloud: DNS of its private network.
    // <https://cloud.tencent.com/document/product/213/35433>
    (Ipv4Addr::new(183, 60, 83, 19), 32),
    (Ipv4Addr::new(183, 60, 82, 98), 32),
    // IBM Cloud: infrastructure services (DNS, mirrors, NTP, object storage) on the private
    // network. <https://cloud.ibm.com/docs/vpc?topic=vpc-service-endpoints-for-vpc>
    (Ipv4Addr::new(161, 26, 0, 0), 16),
    // IBM Cloud: service endpoints on the private network.
    // <https://cloud.ibm.com/docs/vpc?topic=vpc-vpc-behind-the-curtain>
    (Ipv4Addr::new(166, 8, 0, 0), 14),
    // Equinix Metal, formerly Packet: metadata.packet.net, which tells a machine about itself.
    // <https://deploy.equinix.com/developers/docs/metal/server-metadata/metadata>
    (Ipv4Addr::new(192, 80, 8, 124), 32),
];

pub(super) const BLOCKS_V6: [Block<Ipv6Addr>; 2] = [
    // Google Cloud: restricted.googleapis.com and private.googleapis.com, as above.
    (Ipv6Addr::new(0x2600, 0x2d00, 2, 0x1000, 0, 0, 0, 0), 64),
    (Ipv6Addr::new(0x2600, 0x2d00, 2, 0x2000, 0, 0, 0, 0), 64),
];
