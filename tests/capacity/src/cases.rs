//! Cases: the loads of docs/SCALE.md, and the table of what became of them.

use std::fmt::Write as _;

use crate::{Figures, Load, MINUTE, Millis, Outage, Receiver, SECOND, Stack};

/// Load on a stack, with a name.
#[derive(Debug, Clone)]
pub struct Case {
    /// Name of the load.
    pub name: &'static str,
    /// Name of the stack.
    pub on: &'static str,
    /// Load.
    pub load: Load,
    /// Stack.
    pub stack: Stack,
}

const ACCOUNTS: u32 = 10_000;
const USUAL: &str = "as AWS gives";
const RAISED: &str = "tenfold tables";

/// Returns all cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let (usual, raised) = (Stack::usual(), Stack::raised());
    let steady = |others, lasts| Load { goes_on: MINUTE, ..Load::steady(ACCOUNTS, others, lasts) };
    let case = |name, on, load, stack| Case { name, on, load, stack };
    let most = Load { goes_on: 10 * MINUTE, ..steady(20_000.0, 2 * MINUTE) };
    let one = Load { largest: 2000.0, ..steady(1000.0, 5 * MINUTE) };
    let fail = |every, both, from, until, receiver| Outage { from, until, every, both, receiver };
    let storm = Load {
        goes_on: 20 * MINUTE,
        outages: vec![fail(3, true, MINUTE, 11 * MINUTE, Receiver::Refuses)],
        ..steady(2000.0, 20 * MINUTE)
    };
    let hour = |receiver| Load {
        largest: 200.0,
        goes_on: 60 * MINUTE,
        outages: vec![fail(0, false, MINUTE, 61 * MINUTE, receiver)],
        ..steady(1800.0, 75 * MINUTE)
    };
    vec![
        case("2,000 events a second of 10,000 accounts", USUAL, steady(2000.0, 5 * MINUTE), usual),
        case("20,000 events a second of 10,000 accounts", USUAL, most.clone(), usual),
        case("20,000 events a second of 10,000 accounts", RAISED, most, raised),
        case("2,000 events a second of one account, 1,000 of others", USUAL, one.clone(), usual),
        case("2,000 events a second of one account, 1,000 of others", RAISED, one, raised),
        case(
            "2,000 a second; a third of the receivers refuse for 10 minutes",
            USUAL,
            storm.clone(),
            usual,
        ),
        case(
            "2,000 a second; a third of the receivers refuse for 10 minutes",
            RAISED,
            storm,
            raised,
        ),
        case(
            "2,000 a second; the largest receiver, a tenth, refuses for an hour",
            USUAL,
            hour(Receiver::Refuses),
            usual,
        ),
        case(
            "2,000 a second; the largest receiver, a tenth, is silent for an hour",
            USUAL,
            hour(Receiver::Silent),
            usual,
        ),
        case("500 a second at once", "new tables", steady(500.0, 10 * MINUTE), usual.new_tables()),
        case(
            "2,000 a second at once",
            "new tables",
            steady(2000.0, 40 * MINUTE),
            usual.new_tables(),
        ),
        case(
            "2,000 a second at once",
            "`WarmWrites=24000`, `WarmReads=12000`",
            steady(2000.0, 40 * MINUTE),
            usual.warm_tables(24_000, 12_000),
        ),
    ]
}

/// Returns the table of what became of the cases.
#[must_use]
pub fn table(done: &[(Case, Figures)]) -> String {
    let mut table = String::from(
        "| load | stack | answered 503 | throttled | most by | first attempt p50 / p99 / longest | of the largest account | first attempts late | retries: p99, late | made again | most in flight |\n\
         | --- | --- | ---: | ---: | --- | --- | --- | --- | --- | ---: | ---: |\n",
    );
    for (case, figures) in done {
        let Case { name, on, .. } = case;
        let f = figures;
        let refused = share(f.refused, f.accepted + f.refused);
        let throttled = share(f.throttles(), f.items);
        let by = f.throttled.iter().max_by_key(|(_, times)| **times);
        let by = by.map_or_else(|| "nothing".to_owned(), |(what, _)| what.clone());
        let late = f.others.late() + f.largest.late() + f.unattempted();
        let firsts = f.others.number() + f.largest.number() + f.unattempted();
        let _ = writeln!(
            table,
            "| {name} | {on} | {refused} | {throttled} | {by} | {} | {} | {} | {} | {} | {} |",
            delays(&f.others),
            if f.largest.number() > 0 { delays(&f.largest) } else { String::new() },
            share(late, firsts),
            if f.retries.number() > 0 {
                format!(
                    "{}, {}",
                    time(f.retries.per_mille(990)),
                    share(f.retries.late(), f.retries.number())
                )
            } else {
                "none".to_owned()
            },
            number(f.again),
            number(f.in_flight as u64),
        );
    }
    table
}

fn delays(delays: &crate::Delays) -> String {
    let [half, most] = [500, 990].map(|per_mille| time(delays.per_mille(per_mille)));
    format!("{half} / {most} / {}", time(delays.longest()))
}

/// Returns a time as people say it.
fn time(millis: Millis) -> String {
    match millis {
        0..10_000 => format!("{} ms", number(millis)),
        10_000..120_000 => format!("{} s", millis / SECOND),
        _ => format!("{} min", millis / MINUTE),
    }
}

/// Returns a part in percent, or the number itself if it is too small for that.
#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn share(part: u64, of: u64) -> String {
    let share = 100.0 * part as f64 / of.max(1) as f64;
    match part {
        0 => "0".to_owned(),
        _ if share < 0.1 => number(part),
        _ => format!("{share:.1} %"),
    }
}

/// Returns a number with commas.
fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_read_them() {
        assert_eq!(
            (number(999), number(1000), number(1_234_567)),
            ("999".into(), "1,000".into(), "1,234,567".to_owned())
        );
        assert_eq!(
            (time(9999), time(10_000), time(180_000)),
            ("9,999 ms".into(), "10 s".into(), "3 min".to_owned())
        );
        assert_eq!(
            (share(0, 0), share(1, 2), share(7, 100_000)),
            ("0".into(), "50.0 %".into(), "7".to_owned())
        );
    }
}
