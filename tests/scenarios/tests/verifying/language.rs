//! Languages of the code in `docs/verifying.md`, and the commands to run it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

const PAPER: &str = include_str!("../../../../docs/verifying.md");

/// Language that the paper has code in. The calling program reads the delivery to verify from the
/// environment and the file `body`.
pub(crate) struct Language {
    /// Mark of its fenced block.
    pub(crate) fence: &'static str,
    /// Program that has to be installed.
    program: &'static str,
    /// File for the paper's code.
    file: &'static str,
    /// Calling program: files and their texts.
    callers: &'static [(&'static str, &'static str)],
    /// Shell command that builds the program once.
    prepare: &'static str,
    run: &'static str,
}

/// Delivery, and the secret to verify it with.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub(crate) secret: String,
    pub(crate) id: String,
    pub(crate) sent_at: String,
    pub(crate) signature: String,
    pub(crate) body: Vec<u8>,
}

/// Expected result of the code.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verdict {
    Verified,
    /// Refused, with this text in the error.
    Refused(&'static str),
}

pub(crate) const LANGUAGES: &[Language] = &[
    Language {
        fence: "python",
        program: "python3",
        file: "verify.py",
        callers: &[("call.py", include_str!("call.py"))],
        prepare: "true",
        run: "python3 -B call.py",
    },
    Language {
        fence: "js",
        program: "node",
        file: "verify.mjs",
        callers: &[("call.mjs", include_str!("call.mjs"))],
        prepare: "true",
        run: "node call.mjs",
    },
    Language {
        fence: "go",
        program: "go",
        file: "webhook/webhook.go",
        callers: &[
            ("call.go", include_str!("call.go")),
            ("go.mod", "module verifying\n\ngo 1.19\n"),
        ],
        prepare: "go build -o call .",
        run: "./call",
    },
    Language {
        fence: "ruby",
        program: "ruby",
        file: "verify.rb",
        callers: &[("call.rb", include_str!("call.rb"))],
        prepare: "true",
        run: "ruby call.rb",
    },
    Language {
        fence: "java",
        program: "javac",
        file: "Webhook.java",
        callers: &[("Call.java", include_str!("Call.java"))],
        prepare: "javac Webhook.java Call.java",
        run: "java Call",
    },
];

/// Code that finds what never came.
pub(crate) const RECONCILE: Language = Language {
    fence: "py",
    program: "python3",
    file: "reconcile.py",
    callers: &[("call.py", include_str!("reconcile_call.py"))],
    prepare: "true",
    run: "python3 -B call.py",
};

impl Language {
    /// Returns whether the language is installed.
    pub(crate) fn is_here(&self) -> bool {
        let found = Command::new("sh").args(["-c", "command -v \"$0\"", self.program]).output();
        let here = found.is_ok_and(|found| found.status.success());
        if !here {
            eprintln!("{}: not run, there is no {} here", self.fence, self.program);
        }
        here
    }

    /// Writes and builds the paper's code with its calling program.
    pub(crate) fn prepare(&self) -> Prepared<'_> {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join(self.file), self.code());
        for (file, text) in self.callers {
            write(&folder.path().join(file), text);
        }
        let done = shell(self.prepare).current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "{}: {}", self.fence, told(&done));
        Prepared { language: self, folder }
    }

    fn code(&self) -> &'static str {
        let begins = format!("```{}\n", self.fence);
        let blocks: Vec<&str> = PAPER.split(&begins).skip(1).collect();
        let [block] = blocks[..] else {
            panic!("docs/verifying.md has {} blocks of {}", blocks.len(), self.fence);
        };
        block.split("```").next().unwrap()
    }
}

/// Code of a language, built in a folder of its own.
pub(crate) struct Prepared<'a> {
    language: &'a Language,
    folder: tempfile::TempDir,
}

impl Prepared<'_> {
    /// Runs the code with these variables; returns the lines that it prints.
    pub(crate) fn prints(&self, variables: &[(&str, &str)]) -> Vec<String> {
        let run = shell(self.language.run)
            .current_dir(self.folder.path())
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(run.status.success(), "{}: {}", self.language.fence, told(&run));
        let printed = String::from_utf8(run.stdout).unwrap();
        printed.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Asserts that the code gives `verdict`.
    pub(crate) fn judges(&self, signed: &Signed, verdict: Verdict) {
        fs::write(self.folder.path().join("body"), &signed.body).unwrap();
        let said = shell(self.language.run)
            .current_dir(self.folder.path())
            .env("SECRET", &signed.secret)
            .env("ID", &signed.id)
            .env("SENT_AT", &signed.sent_at)
            .env("SIGNATURE", &signed.signature)
            .output()
            .unwrap();
        let right = match verdict {
            Verdict::Verified => said.status.success(),
            Verdict::Refused(why) => !said.status.success() && told(&said).contains(why),
        };
        let told = told(&said);
        assert!(
            right,
            "{}: {verdict:?} expected, but {}: {told}",
            self.language.fence, said.status
        );
    }
}

fn shell(script: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", script]);
    shell
}

fn told(output: &Output) -> String {
    [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat()
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
