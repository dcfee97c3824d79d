//! Context of a command: the parts of the process that it may use.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, IsTerminal as _, Write},
    sync::{Mutex, PoisonError},
};

use crate::{failure::Failure, output::Output};

/// Context of a command, read from the process once by `main`.
pub(crate) struct Context {
    /// Environment: every variable that is text.
    pub(crate) env: BTreeMap<String, String>,
    /// Output for results.
    pub(crate) output: Output,
    /// True if standard error is a terminal.
    pub(crate) stderr_is_terminal: bool,
    /// Person who can be asked; there is one if standard input and standard error are a terminal.
    pub(crate) person: Option<Person>,
}

/// Person who can be asked.
pub(crate) struct Person {
    questions: Mutex<Box<dyn Write + Send>>,
    answers: Mutex<Box<dyn BufRead + Send>>,
}

impl Context {
    /// Returns the context of this process with that environment.
    pub(crate) fn of_process(env: BTreeMap<String, String>) -> Self {
        let dull = env.get("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env.get("TERM").is_some_and(|term| term == "dumb");
        let width = io::stdout().is_terminal().then(|| width(&env));
        let output = Output::stdout(width, !dull);
        let stderr_is_terminal = io::stderr().is_terminal();
        let person = (stderr_is_terminal && io::stdin().is_terminal())
            .then(|| Person::new(io::stderr(), io::BufReader::new(io::stdin())));
        Self { env, output, stderr_is_terminal, person }
    }

    /// Returns the value of a variable; an empty one counts as absent.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Asks whether to go on. `about` says with what, one thing a line.
    ///
    /// # Errors
    /// [`Failure::Failed`] unless the answer is yes.
    pub(crate) fn ask(&self, about: &str, question: &str) -> Result<(), Failure> {
        let answer = match &self.person {
            None => Ok(false),
            Some(person) => person.ask(about, question),
        };
        match answer {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::Failed("not confirmed; nothing was changed".to_owned())),
            Err(why) => Err(Failure::of("asking", why)),
        }
    }
}

impl Person {
    /// Creates a person who is asked on `questions` and answers on `answers`.
    pub(crate) fn new(
        questions: impl Write + Send + 'static,
        answers: impl BufRead + Send + 'static,
    ) -> Self {
        Self { questions: Mutex::new(Box::new(questions)), answers: Mutex::new(Box::new(answers)) }
    }

    fn ask(&self, about: &str, question: &str) -> io::Result<bool> {
        let mut to = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        write!(to, "{about}\n{question} [y/N] ")?;
        to.flush()?;
        let mut answer = String::new();
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}

/// Returns the width of the terminal, in characters.
fn width(env: &BTreeMap<String, String>) -> usize {
    const USUAL: usize = 80;
    let said = env.get("COLUMNS").and_then(|columns| columns.parse().ok());
    let is = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    said.or_else(is).filter(|width| *width > 0).unwrap_or(USUAL)
}

#[cfg(test)]
impl Context {
    /// Returns a context that records the output, as if for a pipe; nobody can be asked.
    pub(crate) fn for_test(env: BTreeMap<String, String>) -> (Self, Printed) {
        let printed = Printed::default();
        let output = Output::to(printed.clone());
        (Self { env, output, stderr_is_terminal: false, person: None }, printed)
    }

    /// Returns a context with a person who gives these answers; the questions are recorded, too.
    pub(crate) fn answering(self, answers: &'static str) -> (Self, Printed) {
        let asked = Printed::default();
        let person = Some(Person::new(asked.clone(), answers.as_bytes()));
        (Self { person, ..self }, asked)
    }
}

/// Recorded output of a command.
#[cfg(test)]
#[derive(Clone, Default)]
pub(crate) struct Printed(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(test)]
impl Printed {
    /// Returns all of the output.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[cfg(test)]
impl std::io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
