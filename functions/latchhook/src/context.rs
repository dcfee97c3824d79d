//! What a command may know of the process that it runs in.

use std::{collections::BTreeMap, io::IsTerminal as _};

use crate::output::Output;

/// The process around a command, read once by `main`.
pub(crate) struct Context {
    /// The environment: every variable that is text.
    pub(crate) env: BTreeMap<String, String>,
    /// Where results go.
    pub(crate) output: Output,
    /// Whether standard error is a terminal.
    pub(crate) stderr_is_terminal: bool,
}

impl Context {
    /// The context of this process with that environment.
    pub(crate) fn of_process(env: BTreeMap<String, String>) -> Self {
        let dull = env.get("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env.get("TERM").is_some_and(|term| term == "dumb");
        let output = Output::stdout(std::io::stdout().is_terminal() && !dull);
        Self { env, output, stderr_is_terminal: std::io::stderr().is_terminal() }
    }

    /// The value of a variable; an empty one counts as absent.
    pub(crate) fn var(&self, name: &str) -> Option<&str> {
        self.env.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
impl Context {
    /// A context that keeps what is printed.
    pub(crate) fn for_test(env: BTreeMap<String, String>) -> (Self, Printed) {
        let printed = Printed::default();
        let output = Output::to(printed.clone());
        (Self { env, output, stderr_is_terminal: false }, printed)
    }
}

/// What a command printed.
#[cfg(test)]
#[derive(Clone, Default)]
pub(crate) struct Printed(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(test)]
impl Printed {
    /// All of it.
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
