//! Page that asks once more: before what can't be undone, or is much.

use std::borrow::Cow;

use askama::Template;

use crate::{
    html::{Frame, OperatorFrame},
    session::Fields,
};

/// Field with which the answer says yes.
const SURE: &str = "sure";

/// Question before a form takes effect. Its answer sends the form again.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct Confirm<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) title: Cow<'a, str>,
    /// Name of what it is about.
    pub(super) what: &'a str,
    /// Consequences, a paragraph each.
    pub(super) told: &'a [&'a str],
    pub(super) action: String,
    pub(super) back: String,
    pub(super) button: Cow<'a, str>,
    /// True if something is lost by it.
    pub(super) destroys: bool,
    /// Input of the form.
    pub(super) fields: &'a Fields,
}

/// Question on a page of the operator's.
#[derive(Template)]
#[template(path = "operator_confirm.html")]
pub(super) struct OperatorConfirm<'a> {
    pub(super) frame: OperatorFrame<'a>,
    pub(super) title: Cow<'a, str>,
    /// Name of what it is about.
    pub(super) what: &'a str,
    /// Consequences, a paragraph each.
    pub(super) told: &'a [&'a str],
    pub(super) action: String,
    pub(super) back: String,
    pub(super) button: Cow<'a, str>,
    /// True if something is lost by it.
    pub(super) destroys: bool,
    /// Input of the form.
    pub(super) fields: &'a Fields,
}

/// Returns whether the form was confirmed.
pub(super) fn is_sure(fields: &Fields) -> bool {
    fields.some(SURE).is_some()
}
