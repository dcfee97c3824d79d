use serde::Deserialize;

use super::{Json, from_form, from_json, from_posted_form, given};
use crate::problem::{Code, Problem};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    name: String,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    urgent: Option<bool>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    lines: Vec<Line>,
    #[serde(default, deserialize_with = "given")]
    #[expect(clippy::option_option, reason = "absent and null differ")]
    note: Option<Option<String>>,
    #[serde(default)]
    data: Option<Json>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    kind: Kind,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Large,
    Small,
}

fn refused(body: &str) -> (Code, String) {
    told(from_json::<Order>(body.as_bytes()).unwrap_err())
}

fn told(problem: Problem) -> (Code, String) {
    (problem.code, problem.param.map(|param| param.to_string()).unwrap_or_default())
}

#[test]
fn an_unknown_field_is_named() {
    assert_eq!(refused(r#"{"name":"a","colour":1}"#), (Code::UnknownField, "colour".to_owned()));
    let nested = r#"{"name":"a","lines":[{"kind":"large"},{"kind":"small","x":1}]}"#;
    assert_eq!(refused(nested), (Code::UnknownField, "lines[1].x".to_owned()));
}

#[test]
fn a_missing_field_is_named() {
    assert_eq!(refused("{}"), (Code::MissingField, "name".to_owned()));
    assert_eq!(
        refused(r#"{"name":"a","lines":[{}]}"#),
        (Code::MissingField, "lines[0].kind".to_owned())
    );
}

#[test]
fn a_value_that_does_not_fit_is_named() {
    for (body, param) in [
        (r#"{"name":1}"#, "name"),
        (r#"{"name":null}"#, "name"),
        (r#"{"name":"a","count":-1}"#, "count"),
        (r#"{"name":"a","count":1.5}"#, "count"),
        (r#"{"name":"a","count":1e400}"#, "count"),
        (r#"{"name":"a","count":"1"}"#, "count"),
        (r#"{"name":"a","urgent":"yes"}"#, "urgent"),
        (r#"{"name":"a","tags":"x"}"#, "tags"),
        (r#"{"name":"a","tags":["x",1]}"#, "tags"),
        (r#"{"name":"\ud800"}"#, "name"),
        (r#"{"name":"a","lines":[{"kind":"huge"}]}"#, "lines[0].kind"),
        (r#"{"name":"a","lines":{"kind":"large"}}"#, "lines"),
    ] {
        assert_eq!(refused(body), (Code::InvalidField, param.to_owned()), "{body}");
    }
}

#[test]
fn a_body_that_is_not_a_json_object_is_malformed() {
    let invalid_utf8 = from_json::<Order>(b"{\"name\":\"\xff\"}").unwrap_err();
    assert_eq!(invalid_utf8.code, Code::MalformedJson);
    for body in [" ", "\r\n", "{", "[]", "\"a\"", "{\"name\":}", "{} {}", "nul"] {
        assert_eq!(refused(body).0, Code::MalformedJson, "{body}");
    }
}

#[test]
fn absent_and_null_differ_in_fields_that_ask_for_it() {
    let note = |body: &str| from_json::<Order>(body.as_bytes()).unwrap().note;
    assert_eq!(note(r#"{"name":"a"}"#), None);
    assert_eq!(note(r#"{"name":"a","note":null}"#), Some(None));
    assert_eq!(note(r#"{"name":"a","note":"x"}"#), Some(Some("x".to_owned())));
}

#[test]
fn json_is_kept_as_it_was_written() {
    let order: Order =
        from_json(br#"{"name":"a","data":{ "b": 1.10, "a": 12345678901234567890123 }}"#).unwrap();
    assert_eq!(order.data.unwrap().0.get(), r#"{"b":1.10,"a":12345678901234567890123}"#);
}

#[test]
fn a_form_reads_like_the_same_json() {
    let order: Order = from_form(b"name=a+b&count=3&urgent=true&tags=x&tags[]=y&note=").unwrap();
    assert_eq!((order.name.as_str(), order.count, order.urgent), ("a b", Some(3), Some(true)));
    assert_eq!(
        (order.tags, order.note),
        (vec!["x".to_owned(), "y".to_owned()], Some(Some(String::new())))
    );
    assert_eq!(
        told(from_form::<Order>(b"name=a&count=x").unwrap_err()),
        (Code::InvalidField, "count".to_owned())
    );
    assert_eq!(
        told(from_form::<Order>(b"name=a&x=1").unwrap_err()),
        (Code::UnknownField, "x".to_owned())
    );
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    let deep = format!(r#"{{"name":"a","data":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refused(&deep), (Code::InvalidField, "data".to_owned()));
    let deep = format!(r#"{{"name":{}1{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refused(&deep), (Code::InvalidField, "name".to_owned()));
}

#[test]
fn enum_values_are_read_as_written() {
    let order: Order = from_json(br#"{"name":"a","lines":[{"kind":"small"}]}"#).unwrap();
    assert_eq!(order.lines[0].kind, Kind::Small);
}

#[test]
fn duplicate_names_are_refused_in_every_body() {
    for (body, param) in [
        (r#"{"name":"a","name":"a"}"#, "name"),
        (r#"{"name":"a","colour":1,"colour":2}"#, "colour"),
        (
            r#"{"name":"a","lines":[{"kind":"small"},{"kind":"small","\u006bind":"large"}]}"#,
            "lines[1].kind",
        ),
        (r#"{"name":"a","data":{"b":[{"c":1,"c":1}]}}"#, "data.b[0].c"),
        (r#"{"name":"a","data":{"b":"\udead"}}"#, "data.b"),
        (r#"{"name":"a","data":[1e999]}"#, "data[0]"),
        (r#"{"name":"a","\ud800":1}"#, ""),
    ] {
        assert_eq!(refused(body), (Code::InvalidField, param.to_owned()), "{body}");
    }
}

#[test]
fn json_in_a_field_of_a_form_follows_the_same_rules() {
    let data = |text: &str| from_form::<Order>(format!("name=a&data={text}").as_bytes());
    assert_eq!(data(r#"{"b":1}"#).unwrap().data.unwrap().0.get(), r#"{"b":1}"#);
    for (text, param) in [(r#"{"b":1,"b":2}"#, "data.b"), ("{", "data"), (r#""\ud800""#, "data")] {
        assert_eq!(told(data(text).unwrap_err()), (Code::InvalidField, param.to_owned()), "{text}");
    }
}

#[test]
fn a_repeated_form_field_that_is_not_a_list_is_refused() {
    for form in ["name=a&name=b", "name=a&name=a", "name=a&name[]=b", "name=a&count=1&count=1"] {
        let (code, param) = told(from_form::<Order>(form.as_bytes()).unwrap_err());
        assert_eq!(code, Code::InvalidField, "{form}");
        assert!(["name", "count"].contains(&param.as_str()), "{form}: {param}");
    }
}

#[test]
fn a_list_is_not_read_as_an_object_by_position() {
    for (body, param) in [
        (r#"{"name":"a","lines":[["large"]]}"#, "lines"),
        (r#"{"name":"a","lines":[null]}"#, "lines"),
    ] {
        assert_eq!(refused(body), (Code::InvalidField, param.to_owned()), "{body}");
    }
}

#[test]
fn a_field_name_that_may_be_a_value_is_not_repeated() {
    let secret = format!("lh_sk_test_{}", "a1".repeat(19));
    for name in [secret.as_str(), "two words", "123-45-6789", &"x".repeat(101)] {
        let json = format!(r#"{{"name":"a",{name:?}:1}}"#);
        let form = format!("name=a&{name}=1");
        for refused in [
            from_json::<Order>(json.as_bytes()).unwrap_err(),
            from_form::<Order>(form.as_bytes()).unwrap_err(),
        ] {
            assert_eq!((refused.code, &refused.param), (Code::UnknownField, &None), "{name}");
            assert!(!refused.message.contains(name), "{}", refused.message);
        }
    }
}

#[test]
fn json_sent_as_a_form_is_told_so() {
    for body in [
        r#"{"name":"lh_sk_test_abc"}"#,
        " [1]",
        "\n{\"a\":\"b&c=d\"}",
        "+%7b%22name%22%3A%22lh_sk_test_abc%22%7d",
        "%5B1%5D",
    ] {
        let refused = from_posted_form::<Order>(body.as_bytes()).unwrap_err();
        assert_eq!((refused.code, &refused.param), (Code::UnknownField, &None), "{body}");
        assert!(refused.message.contains("JSON sent as a form"), "{}", refused.message);
    }
}

#[test]
fn a_byte_order_mark_is_malformed() {
    let refused = from_json::<Order>("\u{feff}{\"name\":\"a\"}".as_bytes()).unwrap_err();
    assert_eq!(refused.code, Code::MalformedJson);
    assert!(refused.message.contains("byte order mark"), "{}", refused.message);
}

#[test]
fn a_form_that_is_not_utf_8_is_refused_instead_of_changed() {
    for (pairs, param) in [
        (&b"name=%ff"[..], "name"),
        (b"name=a&note=\xff", "note"),
        (b"name=a&tags[]=%C3&tags[]=%A9", "tags"),
        (b"name=a&%ff=b", ""),
    ] {
        let refused = told(from_form::<Order>(pairs).unwrap_err());
        assert_eq!(refused, (Code::InvalidField, param.to_owned()), "{}", pairs.escape_ascii());
    }
    for pairs in [&b"name=%C3%A9"[..], "name=é".as_bytes(), b"name=%c3\xa9"] {
        assert_eq!(from_form::<Order>(pairs).unwrap().name, "é");
    }
}

#[test]
fn a_form_of_a_value_alone_has_nothing_repeated() {
    for pairs in ["hunter2", "name=a&hunter2", "name=a&hunter2&x"] {
        let refused = from_form::<Order>(pairs.as_bytes()).unwrap_err();
        assert_eq!(told(refused), (Code::UnknownField, String::new()), "{pairs}");
    }
    let named = from_form::<Order>(b"name=a&hunter2=").unwrap_err();
    assert_eq!(told(named), (Code::UnknownField, "hunter2".to_owned()));
}
