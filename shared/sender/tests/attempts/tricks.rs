//! Tricks that URLs can play on guards, each with the check that stops it.

use domain::{
    Environment,
    webhook::{UrlRejection, WebhookUrl},
};
use latchhook_sender::Options;
use ports::Vetting as _;

use crate::support::{Names, Sending, account};

/// Check that stops a URL.
#[derive(Debug, PartialEq, Eq)]
enum Stop {
    /// Parsing: it is not a valid webhook URL.
    Invalid,
    /// Scheme.
    Scheme,
    /// SNS: it is not a topic.
    Sns,
    /// Guard.
    Guard,
}

use Stop::{Guard, Invalid, Scheme, Sns};

const TRICKS: &[(&str, Stop)] = &[
    // Loopback in every notation.
    ("http://127.0.0.1/", Guard),
    ("http://127.1/", Guard),
    ("http://127.0.1/", Guard),
    ("http://127.255.255.254/", Guard),
    ("http://127.0.0.1./", Guard),
    ("http://0x7f.1/", Guard),
    ("http://0x7f000001/", Guard),
    ("http://0X7F.0X0.0X0.0X1/", Guard),
    ("http://0177.0.0.1/", Guard),
    ("http://0177.0.0.01/", Guard),
    ("http://017700000001/", Guard),
    ("http://2130706433/", Guard),
    ("http://00000000000000000000000177.0.0.1/", Guard),
    ("http://127.0.0.1:80@127.0.0.1:8080/", Guard),
    ("http://127%2e0%2e0%2e1/", Guard),
    ("http://%31%32%37.0.0.1/", Guard),
    ("http://①②⑦.⓪.⓪.①/", Guard),
    ("http://１２７.０.０.１/", Guard),
    ("http://127。0。0。1/", Guard),
    ("http://0x7f.0.0.0x01:8080/admin", Guard),
    // The unspecified address and others that lead to this host.
    ("http://0/", Guard),
    ("http://0.0.0.0/", Guard),
    ("http://0x0/", Guard),
    ("http://[::]/", Guard),
    ("http://[::1]/", Guard),
    ("http://[0:0:0:0:0:0:0:1]/", Guard),
    ("http://[0000::0001]/", Guard),
    // IPv4 inside IPv6.
    ("http://[::ffff:127.0.0.1]/", Guard),
    ("http://[::ffff:7f00:1]/", Guard),
    ("http://[0:0:0:0:0:ffff:169.254.169.254]/", Guard),
    ("http://[::127.0.0.1]/", Guard),
    ("http://[64:ff9b::127.0.0.1]/", Guard),
    ("http://[64:ff9b::a9fe:a9fe]/", Guard),
    ("http://[64:ff9b:1::10.0.0.1]/", Guard),
    ("http://[2002:7f00:1::]/", Guard),
    ("http://[2001:0:7f00:1::]/", Guard),
    // Private networks and metadata services.
    ("http://10.0.0.1/", Guard),
    ("http://0xa000001/", Guard),
    ("http://172.16.0.1/", Guard),
    ("http://192.168.1.1/", Guard),
    ("http://3232235777/", Guard),
    ("http://100.64.0.1/", Guard),
    ("http://169.254.169.254/latest/meta-data/", Guard),
    ("http://2852039166/latest/meta-data/", Guard),
    ("http://0xA9.0xFE.0xA9.0xFE/", Guard),
    ("http://0251.0376.0251.0376/", Guard),
    ("http://100.100.100.200/", Guard),
    ("http://[fd00:ec2::254]/latest/meta-data/", Guard),
    ("http://[fe80::1]/", Guard),
    ("http://[fec0::1]/", Guard),
    ("http://metadata.google.internal/", Guard),
    ("http://metadata/", Guard),
    ("http://instance-data/", Guard),
    // Multicast, broadcast and reserved addresses.
    ("http://224.0.0.1/", Guard),
    ("http://[ff02::1]/", Guard),
    ("http://255.255.255.255/", Guard),
    ("http://240.0.0.1/", Guard),
    ("http://192.0.2.1/", Guard),
    ("http://198.18.0.1/", Guard),
    ("http://[2001:db8::1]/", Guard),
    // Names of private networks.
    ("http://localhost/", Guard),
    ("http://LOCALHOST/", Guard),
    ("http://localhost./", Guard),
    ("http://loc%61lhost/", Guard),
    ("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", Guard),
    ("http://a.b.localhost/", Guard),
    ("http://router.local/", Guard),
    ("http://nas.home.arpa/", Guard),
    ("http://kubernetes.default.svc.cluster.local/", Guard),
    ("http://redis/", Guard),
    // Addresses of cloud platforms.
    ("http://168.63.129.16/machine?comp=goalstate", Guard),
    ("http://168.63.129.16.:32526/vmSettings", Guard),
    ("http://2822734096/", Guard),
    ("http://0xa83f8110/", Guard),
    ("http://0250.077.0201.020/", Guard),
    ("http://0xa8.0x3f.0x8110/", Guard),
    ("http://168.4161808/", Guard),
    ("http://[::ffff:168.63.129.16]/", Guard),
    ("http://[::ffff:a83f:8110]/", Guard),
    ("http://[64:ff9b::a83f:8110]/", Guard),
    ("http://[2002:a83f:8110::1]/", Guard),
    ("http://[::168.63.129.16]/", Guard),
    ("http://[2606:4700::5efe:a83f:8110]/", Guard),
    ("https://199.36.153.4/", Guard),
    ("https://[2600:2d00:2:1000::1]/", Guard),
    ("https://166.9.0.1/", Guard),
    // URLs in which the host is easily mistaken.
    ("http://example.com@127.0.0.1/", Guard),
    ("http://example.com:80@127.0.0.1/", Guard),
    ("http://127.0.0.1?@example.com/", Guard),
    ("http://127.0.0.1/@example.com/", Guard),
    ("http://example.com%40@127.0.0.1/", Guard),
    ("http://a@b@127.0.0.1/", Invalid),
    ("http://127.0.0.1\\@example.com/", Invalid),
    ("http://example.com\\@127.0.0.1/", Invalid),
    ("http://127.0.0.1#@example.com/", Invalid),
    ("http:\\\\127.0.0.1\\", Invalid),
    ("http:///127.0.0.1/", Invalid),
    ("http:127.0.0.1/", Invalid),
    ("//127.0.0.1/", Invalid),
    ("http://127.0.0.1%00.example.com/", Invalid),
    ("http://127.0.0.1%2f@example.com\u{0}/", Invalid),
    ("http://127.0.0.1\t/", Invalid),
    ("http://127.0.0.1\r\nHost:example.com/", Invalid),
    (" http://127.0.0.1/", Invalid),
    ("http://127.0.0.1 /", Invalid),
    ("http://[::1%25lo]/", Invalid),
    ("http://[::ffff:0x7f.1]/", Invalid),
    ("http://127.0.0.256/", Invalid),
    ("http://1.2.3.4.5/", Invalid),
    ("http://0x100000000/", Invalid),
    ("http://example.com:99999/", Invalid),
    ("http://.127.0.0.1./", Invalid),
    // Schemes that other clients would follow.
    ("file:///etc/passwd", Scheme),
    ("gopher://127.0.0.1:6379/_FLUSHALL", Scheme),
    ("dict://127.0.0.1:11211/stats", Scheme),
    ("ldap://127.0.0.1/", Scheme),
    ("ftp://127.0.0.1/", Scheme),
    ("jar:http://127.0.0.1/!/", Invalid),
    ("unix:///var/run/docker.sock", Scheme),
    ("sns://AKIAIOSFODNN7EXAMPLE:key@127.0.0.1/123456789012/topic", Sns),
    ("sns://AKIAIOSFODNN7EXAMPLE:key@us-east-1.example.com#/123456789012/topic", Sns),
    ("sns://AKIAIOSFODNN7EXAMPLE:key@us-east-1@127.0.0.1/123456789012/topic", Sns),
];

#[tokio::test]
async fn every_trick_is_stopped_by_the_expected_check() {
    // The names resolve to public addresses: that must not make them pass.
    let names = Names::answering(&[&["93.184.215.14"]]);
    let sending = Sending::with(Options::default(), names);
    for (trick, expected) in TRICKS {
        let stop = match WebhookUrl::parse(trick, Environment::Test) {
            Err(UrlRejection::Invalid(_)) => Some(Invalid),
            Err(UrlRejection::Scheme(_)) => Some(Scheme),
            Err(UrlRejection::Sns(_)) => Some(Sns),
            Ok(url) => sending.vetter.vet(account(1), &url).await.err().map(|_| Guard),
        };
        assert_eq!(stop.as_ref(), Some(expected), "{trick}");
    }
}

#[tokio::test]
async fn harmless_urls_that_resemble_tricks_pass() {
    let names = Names::answering(&[&["93.184.215.14", "2606:2800:21f:cb07::1"]]);
    let sending = Sending::with(Options::default(), names);
    for url in [
        "https://example.com/?url=http://127.0.0.1/",
        "https://example.com/127.0.0.1/@localhost",
        "https://localhost.example.com/",
        "https://127.0.0.1.example.com/",
        "https://internal.example.com/",
        "https://user:127.0.0.1@example.com/",
        "https://8.8.8.8/",
        "https://134744072/",
        "https://[2606:4700:4700::1111]:8443/",
        "https://[::ffff:8.8.8.8]/",
        "https://[64:ff9b::8.8.8.8]/",
        "https://under_score.example.com/",
    ] {
        let parsed = WebhookUrl::parse(url, Environment::Live).unwrap();
        assert_eq!(sending.vetter.vet(account(1), &parsed).await, Ok(()), "{url}");
    }
}
