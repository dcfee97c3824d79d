//! Words of the pages: every sentence, by a name.
//!
//! The sentences stand here, in one file a group, and templates ask for them by name. So an operator
//! can change a word, or have all of them in another language, by a file ([`Words::with`]) that names
//! only what it changes. A name that no page has, and a sentence that lacks a placeholder, are
//! errors before the first page is shown.
//!
//! A sentence is a method: `say.frame.skip()`. What it is about is its argument, so a template that
//! forgets it is not compiled. Arguments in round brackets are text, those in square brackets are
//! markup, such as a time, around which the sentence is escaped. Where English needs a singular there
//! is a sentence of its own; languages with more forms have to say it another way.

#[macro_use]
mod group;

mod common;
mod forms;
mod frame;
mod history;
mod keys;
mod logs;
mod messages;
mod notices;
mod operational;
mod operator;
mod sentence;
mod times;
mod trouble;
mod webhooks;

pub(crate) use self::{
    common::CommonWords, forms::FormWords, frame::FrameWords, history::HistoryWords,
    keys::KeyWords, logs::LogWords, messages::MessageWords, notices::NoticeWords,
    operational::OperationalWords, operator::OperatorWords, times::TimeWords,
    trouble::TroubleWords, webhooks::WebhookWords,
};

/// Declares [`Words`], with its groups by their names.
macro_rules! words {
    ($($(#[$about:meta])* $group:ident: $words:ident,)+) => {
        /// Every sentence of the pages.
        #[derive(Debug, Clone)]
        pub struct Words {
            $($(#[$about])* pub(crate) $group: $words,)+
        }

        impl Default for Words {
            fn default() -> Self {
                Self { $($group: $words::ENGLISH,)+ }
            }
        }

        impl Words {
            fn put(&mut self, name: &str, text: &str) -> Result<(), String> {
                let (group, sentence) = name.split_once('.').unwrap_or((name, ""));
                match group {
                    $(stringify!($group) => self.$group.put(sentence, text),)+
                    _ => Err(sentence::UNKNOWN.to_owned()),
                }
            }
        }

        /// The English sentences of every group, by their names.
        const GROUPS: &[(&str, &[(&str, &str)])] = &[$((stringify!($group), $words::ALL),)+];
    };
}

words! {
    /// Sentences around every page.
    frame: FrameWords,
    /// Sentences of what several pages have.
    common: CommonWords,
    /// Words of relative times.
    times: TimeWords,
    /// Sentences of the pages of API keys.
    keys: KeyWords,
    /// Sentences of the pages of webhooks.
    webhooks: WebhookWords,
    /// Sentences about failures of deliveries.
    trouble: TroubleWords,
    /// Sentences of the pages of logs and events.
    logs: LogWords,
    /// Sentences of the settings' history.
    history: HistoryWords,
    /// Sentences that say what is wrong in a form.
    forms: FormWords,
    /// Sentences that confirm what a form did.
    notices: NoticeWords,
    /// Sentences of pages that have nothing but a message.
    messages: MessageWords,
    /// Sentences of the operator's pages.
    operator: OperatorWords,
    /// Sentences of the pages of operational webhooks.
    operational: OperationalWords,
}

impl Words {
    /// Returns the English words with other `sentences` in their places, each by its group's name, a
    /// dot and its own, such as `frame.sign_out`.
    ///
    /// # Errors
    /// Every sentence that has no place, or other placeholders than the English one.
    pub fn with<'a>(
        sentences: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<String>> {
        let mut words = Self::default();
        let wrong = sentences.into_iter().filter_map(|(name, text)| {
            words.put(name, text).err().map(|why| format!("{name}: {why}"))
        });
        let wrong: Vec<String> = wrong.collect();
        if wrong.is_empty() { Ok(words) } else { Err(wrong) }
    }

    /// Writes the English words as a file that [`with`](Self::with) takes, in TOML.
    #[must_use]
    pub fn catalogue() -> String {
        let written = GROUPS.iter().map(|(group, sentences)| {
            let lines = sentences.iter().map(|(name, text)| format!("{name} = {text:?}\n"));
            format!("[{group}]\n{}", lines.collect::<String>())
        });
        written.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_replaced_and_the_others_stay() {
        let words = Words::with([("frame.sign_out", "Leave")]).unwrap();
        assert_eq!((&*words.frame.sign_out(), &*words.frame.skip()), ("Leave", "Skip to content"));
    }

    #[test]
    fn every_sentence_without_a_place_or_a_placeholder_is_named() {
        let wrong = Words::with([
            ("frame.sing_out", "Leave"),
            ("frames.sign_out", "Leave"),
            ("frame", "Leave"),
            ("notices.recovered", "All of them."),
            ("notices.resent", "Sent {when}."),
            ("notices.ping", "Sent {"),
            ("forms.wrong", "That can't be taken."),
        ]);
        assert_eq!(
            wrong.unwrap_err(),
            [
                "frame.sing_out: there is no such sentence",
                "frames.sign_out: there is no such sentence",
                "frame: there is no such sentence",
                "notices.recovered: lacks {count}",
                "notices.resent: {when} has no meaning here",
                "notices.ping: a { without its }",
            ]
        );
    }

    #[test]
    fn the_catalogue_has_every_sentence_once() {
        let catalogue = Words::catalogue();
        assert!(catalogue.starts_with("[frame]\nlanguage = \"en\"\n"), "{catalogue}");
        assert!(catalogue.contains("\n[operator]\n"), "{catalogue}");
    }
}
