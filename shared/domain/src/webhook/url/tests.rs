use proptest::prelude::*;

use super::*;

fn test(text: &str) -> Result<WebhookUrl, UrlRejection> {
    WebhookUrl::parse(text, Environment::Test)
}

fn canonical(text: &str) -> String {
    test(text).unwrap_or_else(|why| panic!("{text}: {why}")).canonical().expose().to_owned()
}

#[test]
fn equivalent_spellings_are_equal() {
    for (one, other) in [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://EXAMPLE.com/", "https://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com./", "https://example.com/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://exa%6dple.com/", "https://example.com/"),
        ("https://example.com/%7euser", "https://example.com/~user"),
        ("https://example.com/a%2fb", "https://example.com/a%2Fb"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/a/%2e%2E/c", "https://example.com/c"),
        ("https://example.com/a|b[c]^", "https://example.com/a%7Cb%5Bc%5D%5E"),
        ("https://example.com/é", "https://example.com/%c3%a9"),
        ("https://example.com/?q=%61|{", "https://example.com/?q=a%7C%7B"),
        ("https://us%65r:p%61ss@example.com/", "https://user:pass@example.com/"),
        ("https://user@example.com/", "https://user:@example.com/"),
        ("https://@example.com/", "https://example.com/"),
        ("https://:@example.com/", "https://example.com/"),
        ("https://user:a!b$c@example.com/", "https://user:a%21b%24c@example.com/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://[::FFFF:127.0.0.1]/", "http://127.0.0.1/"),
        ("http://[2001:0DB8::0:1]/", "http://[2001:db8::1]/"),
        (
            "SNS://AKIAIOSFODNN7EXAMPLE:wJal/rXU+tn=@us-east-1/123456789012/topic",
            "sns://AKIAIOSFODNN7EXAMPLE:wJal%2FrXU%2btn%3d@us-east-1/123456789012/topic",
        ),
    ] {
        assert_eq!(test(one).unwrap(), test(other).unwrap(), "{one} {other}");
        assert_eq!(canonical(one), canonical(other));
    }
}

#[test]
fn spellings_that_may_differ_in_meaning_are_not_equal() {
    for (one, other) in [
        ("https://example.com/", "http://example.com/"),
        ("https://example.com/", "https://example.com:8443/"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a", "https://example.com/a/"),
        ("https://example.com/a", "https://example.com/a?"),
        ("https://example.com/a/b", "https://example.com/a%2Fb"),
        ("https://example.com/?a+b", "https://example.com/?a%2Bb"),
        ("https://example.com/", "https://www.example.com/"),
        ("https://user:a@example.com/", "https://user:b@example.com/"),
    ] {
        assert_ne!(canonical(one), canonical(other));
    }
}

#[test]
fn plain_http_is_allowed_in_the_test_environment_only() {
    let refused = WebhookUrl::parse("http://example.com/", Environment::Live);
    assert!(matches!(refused, Err(UrlRejection::Scheme(_))), "{refused:?}");
    assert!(test("http://example.com/").is_ok());
    assert!(WebhookUrl::parse("https://example.com/", Environment::Live).is_ok());
    assert!(WebhookUrl::from_canonical("http://example.com/").is_ok());
}

#[test]
fn other_schemes_are_rejected_as_schemes() {
    for text in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "ws://example.com/",
        "wss://example.com/",
        "unix:///run/docker.sock",
        "httpss://example.com/",
    ] {
        assert!(matches!(test(text), Err(UrlRejection::Scheme(_))), "{text}");
    }
}

#[test]
fn urls_that_parsers_read_differently_are_rejected() {
    for text in [
        "",
        "example.com/hook",
        "//example.com/",
        "https:example.com/",
        "https:/example.com/",
        "https://",
        "https:///example.com/",
        "https://?q",
        "https://user:pass@/",
        "javascript:alert(1)",
        " https://example.com/",
        "https://example.com/\n",
        "https://exam\tple.com/",
        "https://example.com/a b",
        "https://example.com/a\u{a0}b",
        "https://example.com/\u{7f}",
        "https://example.com\r\nHost: evil/",
        "https:\\\\example.com\\",
        "https://example.com\\@evil.com/",
        "https://example.com/#top",
        "https://example.com/#",
        "https://a@b@example.com/",
        "https://user:p#w@example.com/",
        "https://user:p/w@example.com/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:http/",
        "https://1.2.3.256/",
        "https://1.2.3.4.5/",
        "https://[::1/",
        "https://[::1%25eth0]/",
        "https://[not-an-address]/",
        "https://exa mple.com/",
        "https://example..com/",
        "https://.example.com/",
        "https://example.com../",
        "https://exam!ple.com/",
        "https://exa%00mple.com/",
        "https://xn--a/",
        "https://example.com/100%",
        "https://example.com/%zz",
        "https://example.com/?%2",
        "https://us%zzer:pass@example.com/",
        "https://user:%ff@example.com/",
        "https://us%3Aer:pass@example.com/",
        "https://user:pa%0Ass@example.com/",
    ] {
        assert!(matches!(test(text), Err(UrlRejection::Invalid(_))), "{text:?}: {:?}", test(text));
    }
}

#[test]
fn host_names_have_the_length_limits_of_dns() {
    let label = "a".repeat(63);
    assert!(test(&format!("https://{label}.com/")).is_ok());
    assert!(test(&format!("https://a{label}.com/")).is_err());
    let name = [label.as_str(); 4].join(".");
    assert!(test(&format!("https://{}/", &name[..253])).is_ok());
    assert!(test(&format!("https://{}/", &name[..254])).is_err());
}

#[test]
fn a_url_is_at_most_2048_bytes_as_written_and_as_stored() {
    let room = MAX_URL_BYTES - "https://example.com/".len();
    assert!(test(&format!("https://example.com/{}", "a".repeat(room))).is_ok());
    assert!(test(&format!("https://example.com/{}", "a".repeat(room + 1))).is_err());
    assert!(test(&format!("https://example.com/{}", "|".repeat(room / 2))).is_err());
}

#[test]
fn credentials_are_decoded_and_masked() {
    let url = test("https://us%20er:p%40ss%2F@example.com:8443/x?y").unwrap();
    let WebhookUrl::Http(http) = &url else { panic!("{url}") };
    let credentials = http.credentials.as_ref().unwrap();
    assert_eq!(credentials.user, "us er");
    assert_eq!(credentials.password.expose(), "p@ss/");
    assert_eq!(http.authority(), "example.com:8443");
    assert!(url.has_credentials());
    assert_eq!(url.to_string(), "https://us%20er:****@example.com:8443/x?y");
    assert!(!format!("{url:?}").contains("p@ss"));
}

#[test]
fn a_user_name_without_a_password_is_the_secret() {
    let url = test("https://sk_live_hush@example.com/").unwrap();
    assert_eq!(url.to_string(), "https://****@example.com/");
    assert!(!format!("{url:?}").contains("hush"));
    assert_eq!(url.canonical().expose(), "https://sk_live_hush@example.com/");
}

#[test]
fn without_credentials_the_shown_form_is_the_canonical_one() {
    let url = test("https://EXAMPLE.com/a%7eb").unwrap();
    assert!(!url.has_credentials());
    assert_eq!(url.to_string(), url.canonical().expose());
}

#[test]
fn an_sns_topic_is_parsed() {
    let url = test("sns://AKIAIOSFODNN7EXAMPLE:a/b+c=@cn-north-1/123456789012/My-topic_1").unwrap();
    let WebhookUrl::Sns(topic) = &url else { panic!("{url}") };
    assert_eq!(topic.key_id, "AKIAIOSFODNN7EXAMPLE");
    assert_eq!(topic.access_key.expose(), "a/b+c=");
    assert_eq!(topic.arn(), "arn:aws-cn:sns:cn-north-1:123456789012:My-topic_1");
    assert!(url.has_credentials());
    assert_eq!(
        url.to_string(),
        "sns://AKIAIOSFODNN7EXAMPLE:****@cn-north-1/123456789012/My-topic_1"
    );
    assert_eq!(
        url.canonical().expose(),
        "sns://AKIAIOSFODNN7EXAMPLE:a%2Fb%2Bc%3D@cn-north-1/123456789012/My-topic_1"
    );
}

#[test]
fn a_topic_is_in_the_partition_of_its_region() {
    for (region, partition, domain) in [
        ("us-east-1", "aws", "amazonaws.com"),
        ("ap-southeast-2", "aws", "amazonaws.com"),
        ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ] {
        let url = test(&format!("sns://AKIAIOSFODNN7EXAMPLE:key@{region}/123456789012/t")).unwrap();
        let WebhookUrl::Sns(topic) = url else { panic!("{url}") };
        assert_eq!(topic.arn(), format!("arn:{partition}:sns:{region}:123456789012:t"));
        assert_eq!(topic.endpoint(), format!("https://sns.{region}.{domain}"));
    }
}

#[test]
fn a_malformed_sns_url_is_rejected_as_an_sns_url() {
    for text in ["sns:", "sns:x", "SNS:/AKIA/topic"] {
        assert!(matches!(test(text), Err(UrlRejection::Sns(_))), "{text}");
    }
    assert!(matches!(test("sns"), Err(UrlRejection::Invalid(_))));
}

#[test]
fn invalid_sns_urls_are_rejected_as_sns_urls() {
    let long = "t".repeat(257);
    for tail in [
        "",
        "AKIAIOSFODNN7EXAMPLE@us-east-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:@us-east-1/123456789012/topic",
        ":key@us-east-1/123456789012/topic",
        "AKIASHORT:key@us-east-1/123456789012/topic",
        "AKIA-IOSFODNN7EXAMPLE:key@us-east-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:ke y@us-east-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:ke:y@us-east-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:ke%@us-east-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:ke%00y@us-east-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@useast1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@US-EAST-1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1.evil.com/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1:8080/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@127.0.0.1/123456789012/topic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/12345678901/topic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/1234567890123/topic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/12345678901a/topic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/topic/",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/topic/subscription",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/topic.fifo",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/to.pic",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/topic?x=1",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/topic#x",
        "AKIAIOSFODNN7EXAMPLE:key@us-east-1//123456789012/topic",
        &format!("AKIAIOSFODNN7EXAMPLE:key@us-east-1/123456789012/{long}"),
    ] {
        let read = test(&format!("sns://{tail}"));
        assert!(matches!(read, Err(UrlRejection::Sns(_))), "{tail}: {read:?}");
    }
}

#[test]
fn a_mask_is_recognized_in_every_place_of_a_secret() {
    for text in [
        "https://user:****@example.com/",
        "https://user:%2A%2a**@example.com/",
        "https://****@example.com/",
        "https://****:@example.com/",
        "https://****:pass@example.com/",
        "https://example.com/?key=lh_sk_test_****abcd",
        "https://example.com/whsec_****",
        "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/topic",
        "sns://AKIAIOSFODNN7EXAMPLE:%2A%2A%2A%2A@us-east-1/123456789012/topic",
        "sns://AKIAIOSFODNN7EXAMPLE:new/****@us-east-1/123456789012/topic",
        "https://user:a****@example.com/",
        "https://example.com/?auth=****",
        "https://example.com/%2A%2a**/x",
        "https://user:%252A%252a%252A%252A@example.com/",
        "https://user:%26%2342;%26%2342;%26%2342;%26%2342;@example.com/",
    ] {
        assert!(test(text).unwrap().has_mask(), "{text}");
    }
    for text in [
        "https://user:***@example.com/",
        "https://example.com/***?a=***",
        "https://user:pass@example.com/",
    ] {
        assert!(!test(text).unwrap().has_mask(), "{text}");
    }
}

#[test]
fn a_url_matches_its_shown_form() {
    let url = |text: &str| test(text).unwrap();
    for (given, shown) in [
        ("https://user:****@example.com/a?b", "https://user:****@example.com/a?b"),
        ("HTTPS://us%65r:%2A%2A%2A%2A@EXAMPLE.com:443/a", "https://user:****@example.com/a"),
        ("https://****:@example.com/", "https://****@example.com/"),
        ("https://example.com/?a=%2a%2A**b", "https://example.com/?a=****b"),
        ("https://example.com/whsec_%2A%2A%2A%2A", "https://example.com/whsec_****"),
        (
            "sns://AKIAIOSFODNN7EXAMPLE:%2a***@us-east-1/123456789012/topic",
            "sns://AKIAIOSFODNN7EXAMPLE:****@us-east-1/123456789012/topic",
        ),
    ] {
        assert!(url(given).is_shown_as(shown), "{given}");
    }
    for (given, shown) in [
        ("https://user:****@example.com/b", "https://user:****@example.com/a"),
        ("https://other:****@example.com/a", "https://user:****@example.com/a"),
        ("https://user:****@example.org/a", "https://user:****@example.com/a"),
        ("http://user:****@example.com/a", "https://user:****@example.com/a"),
        ("https://user:****@example.com:8443/a", "https://user:****@example.com/a"),
        ("https://****@example.com/a", "https://user:****@example.com/a"),
        ("https://user:****@example.com/a", "https://example.com/a"),
        ("https://user:%252A***@example.com/a", "https://user:****@example.com/a"),
        ("https://example.com/?a=%252A***", "https://example.com/?a=****"),
        ("https://user:****@example.com/a", ""),
    ] {
        assert!(!url(given).is_shown_as(shown), "{given}");
    }
}

/// Generates any text in the place of each part, weighted to characters that parsers trip over.
fn anything() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,24}",
        "[a-zA-Z0-9%./?@:#&=+~_|\\[\\]{}^'!$()*,;-]{0,40}",
        "(%[0-9a-fA-F]{2}|[a-z./]){0,20}",
    ]
}

fn access_key() -> impl Strategy<Value = String> {
    "[A-Za-z0-9/+=]{16,40}"
}

proptest! {
    #[test]
    fn the_canonical_form_parses_to_the_same_url(
        scheme in prop_oneof![Just("https"), Just("http"), Just("HTTPs")],
        user_info in proptest::option::of(anything()),
        host in prop_oneof![Just("example.com".to_owned()), "[a-zA-Z0-9.-]{1,20}", anything()],
        path in anything(),
    ) {
        let user_info = user_info.map(|text| text + "@").unwrap_or_default();
        if let Ok(url) = test(&format!("{scheme}://{user_info}{host}/{path}")) {
            let canonical = url.canonical();
            let again = WebhookUrl::from_canonical(canonical.expose()).unwrap();
            prop_assert_eq!(again.canonical(), canonical);
            prop_assert_eq!(again, url);
        }
    }

    #[test]
    fn parsing_never_panics(text in anything()) {
        let _ = test(&text);
        let _ = test(&format!("sns://{text}"));
        let _ = test(&format!("https://{text}"));
    }

    #[test]
    fn the_shown_form_does_not_depend_on_the_password(
        one in ".{1,20}", other in ".{1,20}", user in "[^:\\x00-\\x1f\\x7f-\\x9f]{0,12}",
    ) {
        let url = |password: &str| {
            let (user, password) = (percent::encode(&user), percent::encode(password));
            test(&format!("https://{user}:{password}@example.com/"))
        };
        if let (Ok(one), Ok(other)) = (url(&one), url(&other)) {
            prop_assert_eq!(one.to_string(), other.to_string());
            prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
        }
    }

    #[test]
    fn the_shown_form_of_a_topic_does_not_depend_on_the_access_key(
        one in access_key(), other in access_key(),
    ) {
        let url = |key| test(&format!("sns://AKIAIOSFODNN7EXAMPLE:{key}@us-east-1/123456789012/t"));
        let (one, other) = (url(one).unwrap(), url(other).unwrap());
        prop_assert_eq!(one.to_string(), other.to_string());
        prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }

    #[test]
    fn raw_and_encoded_access_keys_are_equal(key in access_key()) {
        let url = |key: &str| {
            canonical(&format!("sns://AKIAIOSFODNN7EXAMPLE:{key}@us-east-1/123456789012/t"))
        };
        prop_assert_eq!(url(&key), url(&percent::encode(&key)));
    }
}
