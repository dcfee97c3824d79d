//! Where the secrets of a text are, and the text without them.

use std::borrow::Cow;

use super::{MASK, unescaped::Unescaped};

/// A part of the unescaped text that is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Its first byte.
    pub(super) from: usize,
    /// The first byte after it.
    pub(super) to: usize,
    /// How many of its last bytes are shown all the same.
    pub(super) shown: usize,
}

impl Span {
    /// A secret of which nothing is shown.
    pub(super) const fn whole(from: usize, to: usize) -> Self {
        Self { from, to, shown: 0 }
    }
}

/// Parts that are secrets, in any order; some may overlap.
#[derive(Default)]
pub(super) struct Spans(Vec<Span>);

impl Spans {
    pub(super) fn push(&mut self, span: Span) {
        self.0.push(span);
    }

    /// `text`, of which `unescaped` is the plain form, with a mask in the place of each part.
    pub(super) fn masked<'t>(mut self, text: &'t str, unescaped: &Unescaped<'_>) -> Cow<'t, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        self.0.sort_unstable_by_key(|span| (span.from, span.to));
        let mut masked = String::with_capacity(text.len());
        let mut rest = 0;
        let mut spans = self.0.into_iter().peekable();
        while let Some(mut span) = spans.next() {
            while let Some(next) = spans.next_if(|next| next.from < span.to) {
                // The mask of both shows no more than either would.
                span.shown = if next.to == span.to { span.shown.min(next.shown) } else { 0 };
                span.to = span.to.max(next.to);
            }
            let from = text.floor_char_boundary(unescaped.place(span.from));
            let to = text.ceil_char_boundary(unescaped.place(span.to));
            masked.push_str(&text[rest..from.max(rest)]);
            masked.push_str(MASK);
            let shown = &unescaped.as_bytes()[span.to - span.shown..span.to];
            masked.extend(shown.iter().copied().map(char::from));
            rest = to.max(rest);
        }
        masked.push_str(&text[rest..]);
        Cow::Owned(masked)
    }
}
