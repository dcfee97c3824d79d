//! Loads on a stack, each simulated; prints a table and writes it into docs/SCALE.md.
//!
//! ```text
//! tests/bench capacity              all loads, into docs/SCALE.md
//! tests/bench capacity --only WORD  those whose name has the word, printed alone
//! ```

use std::{
    env, fs,
    num::NonZero,
    path::Path,
    process::ExitCode,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use latchhook_capacity::{Case, Figures, Run, cases, table};

const PAPER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/SCALE.md");
const BEGIN: &str = "<!-- tests/bench capacity begins -->\n";
const END: &str = "<!-- tests/bench capacity ends -->";

fn main() -> ExitCode {
    let only = env::args().skip_while(|word| word != "--only").nth(1);
    let wanted = |case: &Case| only.as_ref().is_none_or(|word| case.name.contains(word));
    let cases: Vec<Case> = cases().into_iter().filter(wanted).collect();
    let done = run_all(&cases);
    let table = table(&done);
    println!("{table}");
    if only.is_some() {
        return ExitCode::SUCCESS;
    }
    match write(&table) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("docs/SCALE.md: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Carries the cases out on every processor, and says when each is done.
fn run_all(cases: &[Case]) -> Vec<(Case, Figures)> {
    let next = AtomicUsize::new(0);
    let run_some = || {
        let mut done = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let figures = Run::new(case.load.clone(), case.stack).figures();
            let row = table(&[(case.clone(), figures.clone())]);
            eprintln!("{}", row.lines().last().unwrap_or_default());
            done.push((case, figures));
        }
        done
    };
    let at_once = thread::available_parallelism().map_or(1, NonZero::get);
    let mut done = thread::scope(|scope| {
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(run_some)).collect();
        let done = threads.into_iter().filter_map(|thread| thread.join().ok());
        done.flatten().collect::<Vec<_>>()
    });
    let place = |case: &Case| cases.iter().position(|one| std::ptr::eq(one, case));
    done.sort_by_key(|(case, _)| place(case));
    done.into_iter().map(|(case, figures)| (case.clone(), figures)).collect()
}

/// Puts `table` between the marks of the paper.
fn write(table: &str) -> Result<(), String> {
    let paper = Path::new(PAPER);
    let text = fs::read_to_string(paper).map_err(|why| why.to_string())?;
    let text = with_table(&text, table).ok_or("it has no marks for the table")?;
    fs::write(paper, text).map_err(|why| why.to_string())
}

/// Returns the text with `table` between its marks, which stay.
fn with_table(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_put_in_the_place_of_the_one_before_again_and_again() {
        let text = format!("before\n{BEGIN}old\n{END}after\n");
        let once = with_table(&text, "new\n").unwrap();
        assert_eq!(once, text.replace("old", "new"));
        assert_eq!(with_table(&once, "new\n").as_ref(), Some(&once));
    }
}
