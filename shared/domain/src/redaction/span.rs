//! Spans: the places of secrets in a text, and masking them.

use std::borrow::Cow;

use super::{MASK, unescaped::Unescaped};

/// Part of the unescaped text that is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Index of the first byte.
    pub(super) from: usize,
    /// Index after the last byte.
    pub(super) to: usize,
    /// Number of bytes at the end that are shown all the same.
    pub(super) shown: usize,
}

impl Span {
    /// Makes the span of a secret of which nothing is shown.
    pub(super) const fn whole(from: usize, to: usize) -> Self {
        Self { from, to, shown: 0 }
    }
}

/// Spans of secrets, in any order; some may overlap.
#[derive(Default)]
pub(super) struct Spans(Vec<Span>);

impl Spans {
    pub(super) fn push(&mut self, span: Span) {
        self.0.push(span);
    }

    /// Returns `text`, of which `unescaped` is the plain form, with a mask in the place of each
    /// span.
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
                // The merged mask shows no more than either would have.
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
