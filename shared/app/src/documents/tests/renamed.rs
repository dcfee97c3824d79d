//! A field of a form gets another name: the form gets the next number, and old documents are read.

use serde::{Deserialize, Serialize};

use super::{golden, unnumbered};
use crate::{
    documents::{
        Form, Number, Usage, read_form,
        state::{StateDocument, read_state},
    },
    views::to_body,
};

/// Form of [`Usage`] after its field got another name.
#[derive(Serialize, Deserialize)]
struct RenamedUsage {
    format: Number<Self>,
    seen_at: String,
}

impl Form for RenamedUsage {
    const NAME: &'static str = "api_key_usage";
    const NUMBER: u16 = 2;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        let read = || {
            let usage: Usage = serde_json::from_slice(body)?;
            let seen_at = usage.last_used_at.to_string();
            Ok(Self { format: Number::default(), seen_at })
        };
        (number == 1).then(read)
    }
}

#[test]
fn a_field_gets_another_name_and_old_data_is_read() {
    let old = golden("api_key_usage.1");
    for old in [unnumbered(&old), old] {
        let usage: RenamedUsage = read_form(old.as_bytes()).unwrap();
        assert_eq!(usage.seen_at, "2026-11-29T06:46:01.568Z");
        let new = to_body(&usage);
        assert_eq!(&new[..], br#"{"format":2,"seen_at":"2026-11-29T06:46:01.568Z"}"#);
        assert_eq!(read_form::<RenamedUsage>(&new).unwrap().seen_at, usage.seen_at);
        assert!(read_form::<Usage>(&new).is_err(), "an older release refuses it");
    }
    let unnumbered = br#"{"seen_at":"2026-11-29T06:46:01.568Z"}"#;
    assert!(read_form::<RenamedUsage>(unnumbered).is_err(), "without number it is form 1");
}

/// Form of an account after its name got another name.
#[derive(Serialize, Deserialize)]
struct RenamedAccount {
    display_name: String,
}

impl Form for RenamedAccount {
    const NAME: &'static str = "account";
    const NUMBER: u16 = 2;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        #[derive(Deserialize)]
        struct First {
            name: String,
        }
        let read =
            || serde_json::from_slice(body).map(|First { name }| Self { display_name: name });
        (number == 1).then(read)
    }
}

#[test]
fn a_field_of_a_state_gets_another_name_and_old_data_is_read_and_outdated() {
    let old = golden("account.1");
    for old in [unnumbered(&old), old] {
        let read = read_state::<RenamedAccount>(old.as_bytes()).unwrap();
        assert_eq!((read.version, read.state.display_name.as_str()), (6, "Closed Ltd."));
        assert!(read.outdated);
        let new = to_body(&StateDocument::<RenamedAccount>::of(7, read.state));
        assert_eq!(&new[..], br#"{"format":2,"version":7,"state":{"display_name":"Closed Ltd."}}"#);
        assert!(!read_state::<RenamedAccount>(&new).unwrap().outdated);
    }
}
