//! Pattern: a filter that was read.

use std::{collections::BTreeSet, ops::Bound};

use serde_json::Number;

/// Pattern of an event.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Members that the event has to have.
    pub(super) members: Members,
    /// Paths of the fields that must not exist for a [`Test::Absent`] to hold.
    pub(super) absent: Vec<Vec<String>>,
}

/// Members of an object, all of which have to match.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// Each named member, with what it has to be.
    pub(super) named: Vec<(String, Wanted)>,
    /// Alternatives of each `$or`: one of them has to match.
    pub(super) alternatives: Vec<Vec<Members>>,
}

/// Demand on a member.
#[derive(Debug)]
pub(super) enum Wanted {
    /// An object with these members.
    Object(Members),
    /// A value for which one of these tests holds.
    OneOf(Vec<Test>),
}

/// Test of a value that is neither an object nor an array.
#[derive(Debug)]
pub(super) enum Test {
    /// One of these texts.
    Texts(BTreeSet<String>),
    /// This number, however it is written.
    Number(Number),
    /// A number between these bounds.
    Between(Bound<f64>, Bound<f64>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A text of this shape.
    Shape(Shape),
    /// A value for which none of these tests holds.
    AnythingBut(Vec<Test>),
    /// Any value.
    Present,
    /// No value anywhere under the path with this number.
    Absent(usize),
}

/// Shape of a text.
#[derive(Debug)]
pub(super) enum Shape {
    /// Begins with this.
    Prefix(Text),
    /// Ends with this.
    Suffix(Text),
    /// Equals this, whatever the case.
    Folded(String),
    /// Has these parts in their order, with anything between them: the first at its beginning, and
    /// the last at its end.
    Wildcard(Vec<String>),
}

/// Text to compare with.
#[derive(Debug)]
pub(super) enum Text {
    /// As it is.
    Exact(String),
    /// In lower case, for any case.
    Folded(String),
}
