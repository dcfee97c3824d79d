use proptest::prelude::*;
use serde_json::{Value, json, value::to_raw_value};

use super::*;

fn filter(pattern: &Value) -> Result<Filter, NotAFilter> {
    Filter::parse(&to_raw_value(pattern).unwrap())
}

fn matches(pattern: &Value, event: &Value) -> bool {
    filter(pattern).unwrap_or_else(|why| panic!("{pattern}: {why}")).matches(event)
}

/// Event of event-ruler's README, by which its examples are told.
fn instance() -> Value {
    json!({
        "version": "0",
        "id": "ddddd4-aaaa-7777-4444-345dd43cc333",
        "detail-type": "EC2 Instance State-change Notification",
        "source": "aws.ec2",
        "account": "012345679012",
        "time": "2017-10-02T16:24:49Z",
        "region": "us-east-1",
        "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000"],
        "detail": {
            "c-count": 5,
            "d-count": 3,
            "x-limit": 301.8,
            "source-ip": "10.0.0.33",
            "instance-id": "i-000000aaaaaa00000",
            "state": "running",
        },
    })
}

#[test]
fn examples_of_the_specification_match() {
    for pattern in [
        json!({
            "detail-type": ["EC2 Instance State-change Notification"],
            "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-000000aaaaaa00000"],
            "detail": { "state": ["initializing", "running"] },
        }),
        json!({ "time": [{ "prefix": "2017-10-02" }] }),
        json!({ "source": [{ "prefix": { "equals-ignore-case": "AWS" } }] }),
        json!({ "source": [{ "suffix": "ec2" }] }),
        json!({ "source": [{ "suffix": { "equals-ignore-case": "EC2" } }] }),
        json!({ "source": [{ "equals-ignore-case": "AWS.EC2" }] }),
        json!({ "source": [{ "wildcard": "aws.*" }] }),
        json!({ "detail": { "state": [{ "anything-but": "initializing" }] } }),
        json!({ "detail": { "x-limit": [{ "anything-but": 123 }] } }),
        json!({ "detail": { "state": [{ "anything-but": ["stopped", "overloaded"] }] } }),
        json!({ "detail": { "x-limit": [{ "anything-but": [100, 200, 300] }] } }),
        json!({ "detail": { "state": [{ "anything-but": { "prefix": "init" } }] } }),
        json!({ "detail": { "state": [{ "anything-but": { "prefix": ["init", "error"] } }] } }),
        json!({ "detail": { "instance-id": [{ "anything-but": { "suffix": "1234" } }] } }),
        json!({ "detail": { "instance-id": [{ "anything-but": { "suffix": ["1234", "6789"] } }] } }),
        json!({ "detail": { "state": [{ "anything-but": { "equals-ignore-case": "Stopped" } }] } }),
        json!({ "detail": { "state": [{ "anything-but": { "wildcard": "*/bin/*.jar" } }] } }),
        json!({ "detail": {
            "c-count": [{ "numeric": [">", 0, "<=", 5] }],
            "d-count": [{ "numeric": ["<", 10] }],
            "x-limit": [{ "numeric": ["=", 3.018e2] }],
        } }),
        json!({ "detail": { "c-count": [{ "exists": true }] } }),
        json!({ "detail": { "missing": [{ "exists": false }] } }),
        json!({}),
    ] {
        assert!(matches(&pattern, &instance()), "{pattern}");
    }
}

#[test]
fn what_differs_from_the_examples_does_not_match() {
    for pattern in [
        json!({ "detail": { "state": ["initializing"] } }),
        json!({ "state": ["running"] }),
        json!({ "source": ["aws.ec2"], "region": ["eu-west-1"] }),
        json!({ "time": [{ "prefix": "2017-10-03" }] }),
        json!({ "detail": { "c-count": [{ "prefix": "5" }] } }),
        json!({ "source": [{ "wildcard": "aws.*2*2" }] }),
        json!({ "detail": { "state": [{ "anything-but": { "wildcard": "r*g" } }] } }),
        json!({ "detail": { "state": [{ "anything-but": { "equals-ignore-case": ["RUNNING"] } }] } }),
        json!({ "detail": { "missing": [{ "anything-but": "x" }] } }),
        json!({ "detail": { "c-count": [{ "numeric": [">", 5] }] } }),
        json!({ "account": [{ "numeric": ["=", 12_345_679_012_i64] }] }),
        json!({ "detail": { "c-count": [{ "exists": false }] } }),
        json!({ "detail": [{ "exists": true }] }),
    ] {
        assert!(!matches(&pattern, &instance()), "{pattern}");
    }
    assert!(matches(&json!({ "detail": [{ "exists": false }] }), &instance()), "it is no leaf");
}

#[test]
fn examples_of_or_match_as_the_specification_says() {
    let either = json!({
        "source": ["aws.cloudwatch"],
        "$or": [
            { "metricName": ["CPUUtilization", "ReadLatency"] },
            { "metricType": ["MetricType"], "namespace": ["AWS/EC2", "AWS/ES"],
              "$or": [{ "metricId": [1234] }, { "spaceId": [1000] }] },
            { "scope": ["Service"] },
        ],
    });
    for (event, expected) in [
        (json!({ "source": "aws.cloudwatch", "metricName": "ReadLatency" }), true),
        (json!({ "source": "aws.cloudwatch", "scope": "Service" }), true),
        (
            json!({ "source": "aws.cloudwatch", "metricType": "MetricType", "namespace": "AWS/ES",
                 "spaceId": 1000 }),
            true,
        ),
        (
            json!({ "source": "aws.cloudwatch", "metricType": "MetricType", "namespace": "AWS/ES",
                 "spaceId": 1001 }),
            false,
        ),
        (json!({ "source": "aws.cloudwatch" }), false),
        (json!({ "scope": "Service" }), false),
    ] {
        assert_eq!(matches(&either, &event), expected, "{event}");
    }
    let parallel = json!({
        "$or": [{ "a": [1] }, { "b": [1] }],
        "detail": { "$or": [{ "c": [1] }, { "d": [1] }] },
    });
    assert!(matches(&parallel, &json!({ "b": 1, "detail": { "c": 1 } })));
    assert!(!matches(&parallel, &json!({ "b": 1, "detail": { "c": 2 } })));
}

#[test]
fn an_array_matches_by_one_of_its_elements() {
    let staff = json!({ "employees": [
        [{ "firstName": "John", "lastName": "Doe" }, { "firstName": "Anna", "lastName": "Smith" }],
        [{ "firstName": "Peter", "lastName": "Jones", "tags": ["new", null, 7] }],
    ] });
    for (pattern, expected) in [
        (json!({ "employees": { "firstName": ["Anna"] } }), true),
        (json!({ "employees": { "firstName": ["Anna"], "lastName": ["Smith"] } }), true),
        (json!({ "employees": { "firstName": ["Anna"], "lastName": ["Jones"] } }), false),
        (json!({ "employees": { "tags": [7] } }), true),
        (json!({ "employees": { "tags": [null] } }), true),
        (json!({ "employees": { "tags": [{ "anything-but": ["new"] }] } }), true),
        (json!({ "employees": { "tags": [{ "exists": true }] } }), true),
        (json!({ "employees": { "firstName": ["Anna"], "tags": [{ "exists": false }] } }), false),
        (json!({ "employees": { "age": [{ "exists": false }] } }), true),
    ] {
        assert_eq!(matches(&pattern, &staff), expected, "{pattern}");
    }
    let empty = json!({ "tags": [] });
    assert!(matches(&json!({ "tags": [{ "exists": false }] }), &empty));
    assert!(!matches(&json!({ "tags": [{ "exists": true }] }), &empty));
    assert!(matches(&json!({ "tags": { "name": [{ "exists": false }] } }), &empty));
}

#[test]
fn values_are_compared_by_their_kind() {
    let event = json!({ "text": "5", "number": 300, "real": 0.5, "null": null, "yes": true,
                        "large": 9_007_199_254_740_993_u64, "empty": "" });
    for (pattern, expected) in [
        (json!({ "text": [5] }), false),
        (json!({ "number": ["300"] }), false),
        (json!({ "number": [3.0e2] }), true),
        (json!({ "number": [{ "numeric": ["=", 300.0] }] }), true),
        (json!({ "real": [{ "numeric": [">=", 0.5, "<", 0.6] }] }), true),
        (json!({ "null": [null] }), true),
        (json!({ "null": [{ "anything-but": "null" }] }), true),
        (json!({ "missing": [null] }), false),
        (json!({ "yes": [true] }), true),
        (json!({ "yes": ["true"] }), false),
        (json!({ "large": [9_007_199_254_740_992_u64] }), false),
        (json!({ "large": [9_007_199_254_740_993_u64] }), true),
        (json!({ "empty": [""] }), true),
        (json!({ "text": [{ "anything-but": 5 }] }), true),
    ] {
        assert_eq!(matches(&pattern, &event), expected, "{pattern}");
    }
}

#[test]
fn a_wildcard_stands_for_anything() {
    for (wildcard, text, expected) in [
        ("*", "", true),
        ("*", "anything", true),
        ("dir/*.png", "dir/a/b.png", true),
        ("dir/*.png", "dir/.png", true),
        ("dir/*.png", "dir/.jpg", false),
        ("*/lib/*", "/usr/lib/x", true),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("a*b*a", "aba", true),
        ("a*b*a", "aa", false),
        ("*ab*ab", "abab", true),
        ("*ab*ab", "ab", false),
        (r"a\*b", "a*b", true),
        (r"a\*b", "axb", false),
        (r"a\\*", r"a\x", true),
        (r"\**\*", "**", true),
        ("plain", "plain", true),
        ("é*é", "éxé", true),
    ] {
        let pattern = json!({ "x": [{ "wildcard": wildcard }] });
        assert_eq!(matches(&pattern, &json!({ "x": text })), expected, "{wildcard} {text}");
    }
}

#[test]
fn what_is_wrong_is_told_by_its_path() {
    for (pattern, path) in [
        (json!([]), "filter"),
        (json!("x"), "filter"),
        (json!({ "a": "x" }), "filter.a"),
        (json!({ "a": [] }), "filter.a"),
        (json!({ "a": {} }), "filter.a"),
        (json!({ "a": [[1]] }), "filter.a[0]"),
        (json!({ "a": ["x", {}] }), "filter.a[1]"),
        (json!({ "a": [{ "prefix": "x", "suffix": "y" }] }), "filter.a[0]"),
        (json!({ "a": [{ "regex": "x" }] }), "filter.a[0].regex"),
        (json!({ "a": [{ "cidr": "10.0.0.0/8" }] }), "filter.a[0].cidr"),
        (json!({ "a": { "b": [{ "prefix": 5 }] } }), "filter.a.b[0].prefix"),
        (json!({ "a": [{ "prefix": { "suffix": "x" } }] }), "filter.a[0].prefix"),
        (json!({ "a": [{ "exists": "yes" }] }), "filter.a[0].exists"),
        (json!({ "a": [{ "wildcard": "a**b" }] }), "filter.a[0].wildcard"),
        (json!({ "a": [{ "wildcard": r"a\b" }] }), "filter.a[0].wildcard"),
        (json!({ "a": [{ "wildcard": r"a\" }] }), "filter.a[0].wildcard"),
        (json!({ "a": [{ "anything-but": [] }] }), "filter.a[0].anything-but"),
        (json!({ "a": [{ "anything-but": ["x", 5] }] }), "filter.a[0].anything-but"),
        (json!({ "a": [{ "anything-but": null }] }), "filter.a[0].anything-but"),
        (
            json!({ "a": [{ "anything-but": { "numeric": ["=", 5] } }] }),
            "filter.a[0].anything-but.numeric",
        ),
        (
            json!({ "a": [{ "anything-but": { "prefix": ["x", 5] } }] }),
            "filter.a[0].anything-but.prefix[1]",
        ),
        (json!({ "a": [{ "numeric": 5 }] }), "filter.a[0].numeric"),
        (json!({ "a": [{ "numeric": [] }] }), "filter.a[0].numeric"),
        (json!({ "a": [{ "numeric": ["<"] }] }), "filter.a[0].numeric"),
        (json!({ "a": [{ "numeric": ["<", "5"] }] }), "filter.a[0].numeric[1]"),
        (json!({ "a": [{ "numeric": ["!=", 5] }] }), "filter.a[0].numeric[0]"),
        (json!({ "a": [{ "numeric": [">", 5, "<", 5] }] }), "filter.a[0].numeric"),
        (json!({ "a": [{ "numeric": ["<", 5, ">", 9] }] }), "filter.a[0].numeric"),
        (json!({ "a": [{ "numeric": [">", 1, "<", 5, "<", 9] }] }), "filter.a[0].numeric"),
        (json!({ "$or": [{ "a": [1] }] }), "filter.$or"),
        (json!({ "$or": { "a": [1] } }), "filter.$or"),
        (json!({ "$or": [{ "a": [1] }, {}] }), "filter.$or[1]"),
        (json!({ "$or": [{ "a": [1] }, 5] }), "filter.$or[1]"),
    ] {
        let refused = filter(&pattern).map(|_| ()).map_err(|why| why.path);
        assert_eq!(refused, Err(path.to_owned()), "{pattern}");
    }
}

#[test]
fn a_filter_has_a_largest_size() {
    let of = |length: usize| json!({ "a": ["x".repeat(length - r#"{"a":[""]}"#.len())] });
    assert!(filter(&of(LARGEST_FILTER)).is_ok());
    assert_eq!(filter(&of(LARGEST_FILTER + 1)).unwrap_err().path, "filter");
}

#[test]
fn a_filter_is_stored_as_it_was_written() {
    let text = r#"{"b":[3.0e2,"x"],"a":[{"exists":false}]}"#;
    let read: Filter = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
    assert!(serde_json::from_str::<Filter>(r#"{"a":5}"#).is_err());
}

/// Matches a wildcard by trying everything; slow, and plainly right.
fn slowly(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|from| slowly(rest, &text[from..])),
        [first, rest @ ..] => text.first() == Some(first) && slowly(rest, &text[1..]),
    }
}

/// Some JSON of objects and arrays.
fn some_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3_i64..3).prop_map(Value::from),
        "[ab]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[abc]", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn wildcards_match_what_trying_everything_matches(
        wildcard in "[ab]{0,2}(\\*[ab]{1,2}){0,4}\\*?",
        text in "[ab]{0,10}",
    ) {
        let pattern = json!({ "x": [{ "wildcard": wildcard }] });
        let (wildcard, letters): (Vec<_>, Vec<_>) =
            (wildcard.chars().collect(), text.chars().collect());
        prop_assert_eq!(matches(&pattern, &json!({ "x": text })), slowly(&wildcard, &letters));
    }

    #[test]
    fn a_range_matches_the_numbers_in_it(low in -9_i32..9, width in 1_i32..9, number in -20_i32..20) {
        let pattern = json!({ "n": [{ "numeric": [">", low, "<=", low + width] }] });
        let is_in = low < number && number <= low + width;
        prop_assert_eq!(matches(&pattern, &json!({ "n": number })), is_in);
        prop_assert_eq!(matches(&pattern, &json!({ "n": f64::from(number) })), is_in);
    }

    /// A field exists or does not, and a scalar is a value or anything but it.
    #[test]
    fn opposites_never_match_together_and_one_always_does(event in some_json(), text in "[ab]{0,2}") {
        let event = json!({ "a": event });
        let is = |test: Value| matches(&json!({ "a": { "b": [test] } }), &event);
        prop_assert_ne!(is(json!({ "exists": true })), is(json!({ "exists": false })));
        let either = is(json!(text)) || is(json!({ "anything-but": text }));
        prop_assert_eq!(either, is(json!({ "exists": true })));
    }

    #[test]
    fn alternatives_match_what_one_of_them_matches(event in some_json(), a in -3_i64..3, b in "[ab]{0,2}") {
        let event = json!({ "a": event, "b": b });
        let (one, other) = (json!({ "a": [a] }), json!({ "b": ["a", ""] }));
        let either = json!({ "$or": [one.clone(), other.clone()] });
        prop_assert_eq!(matches(&either, &event), matches(&one, &event) || matches(&other, &event));
    }

    #[test]
    fn whatever_is_sent_is_read_or_refused(pattern in some_json()) {
        if let Ok(filter) = filter(&pattern) {
            let _ = filter.matches(&pattern);
        }
    }
}
