use hickory_proto::rr::rdata::{A, AAAA, CNAME, SOA};
use proptest::prelude::*;

use super::*;

const ID: u16 = 0x1234;

fn name(text: &str) -> Name {
    absolute(text).unwrap()
}

fn question() -> Question {
    Question { name: name("hooks.customer.test"), family: Family::V4 }
}

/// An answer to [`question`] that `change` has changed.
fn answered(change: impl FnOnce(&mut Message)) -> Vec<u8> {
    let mut message = Message::from_vec(&question().write(ID, true).unwrap()).unwrap();
    message.metadata.message_type = MessageType::Response;
    change(&mut message);
    message.to_vec().unwrap()
}

fn read(change: impl FnOnce(&mut Message)) -> Reading {
    question().read(ID, &answered(change))
}

fn a(owner: &str, ttl: u32, address: [u8; 4]) -> Record {
    Record::from_rdata(name(owner), ttl, RData::A(A(address.into())))
}

fn cname(owner: &str, ttl: u32, target: &str) -> Record {
    Record::from_rdata(name(owner), ttl, RData::CNAME(CNAME(name(target))))
}

fn soa(ttl: u32, minimum: u32) -> Record {
    let zone = SOA::new(name("ns.test"), name("admin.test"), 1, 2, 3, 4, minimum);
    Record::from_rdata(name("customer.test"), ttl, RData::SOA(zone))
}

#[test]
fn a_question_asks_for_recursion_and_one_whole_name() {
    let message = Message::from_vec(&question().write(ID, true).unwrap()).unwrap();
    assert!(message.metadata.recursion_desired);
    assert_eq!(message.metadata.id, ID);
    let [query] = message.queries.as_slice() else { panic!("{message:?}") };
    assert_eq!(query.name().to_ascii(), "hooks.customer.test.");
    assert_eq!(query.query_type(), RecordType::A);
    assert_eq!(message.edns.unwrap().max_payload(), MOST_UDP_BYTES);
    let plain = Message::from_vec(&question().write(ID, false).unwrap()).unwrap();
    assert_eq!(plain.edns, None);
}

#[test]
fn addresses_come_in_their_order_with_the_shortest_time_to_live() {
    let reading = read(|message| {
        message.add_answer(a("HOOKS.Customer.test", 60, [10, 0, 0, 2]));
        message.add_answer(a("hooks.customer.test", 30, [10, 0, 0, 1]));
    });
    let expected = vec![IpAddr::from([10, 0, 0, 2]), IpAddr::from([10, 0, 0, 1])];
    assert_eq!(reading, Reading::Answer(Answer::Addresses(expected, 30)));
}

#[test]
fn aliases_are_followed_whatever_their_order() {
    let reading = read(|message| {
        message.add_answer(a("c.test", 60, [10, 0, 0, 3]));
        message.add_answer(cname("b.test", 20, "c.test"));
        message.add_answer(cname("hooks.customer.test", 40, "b.test"));
    });
    assert_eq!(reading, Reading::Answer(Answer::Addresses(vec![[10, 0, 0, 3].into()], 20)));
}

#[test]
fn records_of_other_names_and_families_are_no_answer() {
    let reading = read(|message| {
        message.add_answer(a("hooks.customer.test.corp.test", 60, [10, 0, 0, 3]));
        let other = RData::AAAA(AAAA("fd00::1".parse().unwrap()));
        message.add_answer(Record::from_rdata(name("hooks.customer.test"), 60, other));
    });
    assert_eq!(reading, Reading::Answer(Answer::NoAddress(None)));
}

#[test]
fn an_alias_whose_end_is_not_told_is_to_be_asked_about() {
    let alias = || cname("hooks.customer.test", 40, "elsewhere.test");
    let told = read(|message| {
        message.add_answer(alias());
    });
    assert_eq!(told, Reading::Answer(Answer::Alias(name("elsewhere.test"), 40)));
    let whole = read(|message| {
        message.add_answer(alias());
        message.add_authority(soa(50, 70));
    });
    assert_eq!(whole, Reading::Answer(Answer::NoAddress(Some(50))));
}

#[test]
fn aliases_in_a_circle_lead_nowhere() {
    let reading = read(|message| {
        message.add_answer(cname("hooks.customer.test", 40, "b.test"));
        message.add_answer(cname("b.test", 40, "hooks.customer.test"));
    });
    assert_eq!(reading, Reading::Answer(Answer::NoAddress(None)));
}

#[test]
fn what_is_not_there_holds_as_long_as_its_zone_says() {
    let missing = |code| {
        read(move |message| {
            message.metadata.response_code = code;
            message.add_authority(soa(900, 60));
        })
    };
    assert_eq!(missing(ResponseCode::NoError), Reading::Answer(Answer::NoAddress(Some(60))));
    assert_eq!(missing(ResponseCode::NXDomain), Reading::Answer(Answer::NoSuchName(Some(60))));
}

#[test]
fn servers_that_can_not_answer_are_told_apart_from_names_that_are_not_there() {
    for (code, expected) in [
        (ResponseCode::ServFail, Reading::Failed),
        (ResponseCode::Refused, Reading::Failed),
        (ResponseCode::FormErr, Reading::NotUnderstood),
        (ResponseCode::NotImp, Reading::NotUnderstood),
    ] {
        assert_eq!(read(|message| message.metadata.response_code = code), expected, "{code}");
        let bare = read(|message| {
            message.metadata.response_code = code;
            message.queries.clear();
        });
        assert_eq!(bare, expected, "{code}");
    }
    assert_eq!(read(|message| message.metadata.truncation = true), Reading::Truncated);
}

#[test]
fn an_answer_to_another_question_is_not_ours() {
    let other = |change: fn(&mut Message)| read(change);
    assert_eq!(other(|message| message.metadata.id += 1), Reading::NotOurs);
    assert_eq!(
        other(|message| message.metadata.message_type = MessageType::Query),
        Reading::NotOurs
    );
    assert_eq!(other(|message| message.queries.clear()), Reading::NotOurs);
    assert_eq!(
        other(|message| {
            message.queries[0].set_query_type(RecordType::AAAA);
        }),
        Reading::NotOurs
    );
    assert_eq!(
        other(|message| {
            message.queries[0].set_name(name("other.test"));
        }),
        Reading::NotOurs
    );
    assert_eq!(question().read(ID, &[]), Reading::NotOurs);
    assert_eq!(question().read(ID, &ID.to_be_bytes()), Reading::Failed);
}

#[test]
fn names_that_dns_can_not_carry_are_none() {
    let label = "a".repeat(63);
    let longest = [label.as_str(), &label, &label, &"a".repeat(61)].join(".");
    assert_eq!(longest.len(), 253);
    for good in [longest.as_str(), "_dmarc.under_score.test", "xn--bcher-kva.test", "db", "1.2.3"] {
        assert!(absolute(good).is_some(), "{good}");
    }
    let long_label = format!("{}.test", "a".repeat(64));
    let too_long = format!("{longest}a");
    for bad in [long_label.as_str(), &too_long, "", ".", "a..b", ".test", "a."] {
        assert!(absolute(bad).is_none(), "{bad}");
    }
}

proptest! {
    #[test]
    fn whatever_comes_is_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = question().read(ID, &bytes);
        let ours = [&ID.to_be_bytes()[..], &[0x81, 0x80], &bytes].concat();
        let _ = question().read(ID, &ours);
    }

    #[test]
    fn an_answer_that_is_cut_off_is_never_an_address(end in 0_usize..200) {
        let whole = answered(|message| {
            message.add_answer(a("hooks.customer.test", 9, [10, 0, 0, 2]));
        });
        prop_assume!(end < whole.len());
        let reading = question().read(ID, &whole[..end]);
        prop_assert!(matches!(reading, Reading::NotOurs | Reading::Failed), "{reading:?}");
    }

    #[test]
    fn any_text_is_a_name_or_none(text in "\\PC{0,300}") {
        let _ = absolute(&text);
    }
}
