use super::*;

fn parse(text: &str) -> Config {
    Config::parse(text, |name| (name == "eth0").then_some(7))
}

fn servers(text: &str) -> Vec<String> {
    parse(text).servers.iter().map(ToString::to_string).collect()
}

#[test]
fn name_servers_are_read_and_search_domains_are_not() {
    let config = parse(
        "# made by a program\n\
         ; and a person\n\
         domain corp.test\n\
         search svc.test corp.test\n\
         sortlist 10.0.0.0/8\n\
         nameserver 10.0.0.2   # the first\n\
         nameserver\tfd00::2\n\
         options ndots:5 timeout:2 attempts:3 rotate edns0\n",
    );
    let expected = Config {
        servers: vec!["10.0.0.2:53".parse().unwrap(), "[fd00::2]:53".parse().unwrap()],
        timeout: Duration::from_secs(2),
        attempts: 3,
        tcp_only: false,
    };
    assert_eq!(config, expected);
}

#[test]
fn the_interface_of_a_link_local_name_server_is_kept() {
    assert_eq!(servers("nameserver fe80::1%eth0\n"), ["[fe80::1%7]:53"]);
    assert_eq!(servers("nameserver fe80::1%3\n"), ["[fe80::1%3]:53"]);
    assert_eq!(servers("nameserver fe80::1%nowhere\nnameserver 10.0.0.2\n"), ["10.0.0.2:53"]);
}

#[test]
fn without_a_name_server_this_machine_is_asked() {
    for text in ["", "search corp.test\n", "nameserver\n", "nameserver dns.example\n", "nonsense"] {
        assert_eq!(servers(text), ["127.0.0.1:53"], "{text:?}");
    }
}

#[test]
fn no_more_than_three_name_servers_are_read() {
    let text = "nameserver 10.0.0.1\nnameserver bad\nnameserver 10.0.0.2\n\
                nameserver 10.0.0.3\nnameserver 10.0.0.4\n";
    assert_eq!(servers(text), ["10.0.0.1:53", "10.0.0.2:53", "10.0.0.3:53"]);
}

#[test]
fn options_are_held_within_the_limits_of_the_c_library() {
    let of = |text: &str| {
        let config = parse(text);
        (config.timeout.as_secs(), config.attempts, config.tcp_only)
    };
    assert_eq!(of(""), (5, 2, false));
    assert_eq!(of("options timeout:0 attempts:0"), (1, 1, false));
    assert_eq!(of("options timeout:999 attempts:999 use-vc"), (30, 5, true));
    assert_eq!(of("options timeout:x attempts: timeout"), (5, 2, false));
    assert_eq!(of("options timeout:9\noptions attempts:4"), (9, 4, false));
}

#[test]
fn name_servers_of_the_operator_have_a_port_or_take_53() {
    let parsed: NameServers =
        " 10.0.0.2,10.0.0.3:5353, fd00::2 ,[fd00::3],[fd00::4]:54,, fe80::1%2, [fe80::1%3]:53"
            .parse()
            .unwrap();
    let shown: Vec<String> = parsed.addresses().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "10.0.0.2:53",
            "10.0.0.3:5353",
            "[fd00::2]:53",
            "[fd00::3]:53",
            "[fd00::4]:54",
            "[fe80::1%2]:53",
            "[fe80::1%3]:53"
        ]
    );
    assert!(" , ".parse::<NameServers>().unwrap().is_empty());
}

#[test]
fn what_is_not_a_name_server_is_named() {
    for text in ["dns.example", "10.0.0.2:", "10.0.0.2:0", "10.0.0.2:99999", "[fd00::2", "10.0.0"] {
        let refused = text.parse::<NameServers>();
        assert_eq!(refused, Err(NotANameServer(text.to_owned())), "{text}");
    }
}
