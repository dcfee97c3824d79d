//! Building blocks that all pages share.

mod failure;
mod frame;
mod picture;
mod problems;
mod time;

use askama::{
    Template,
    filters::{Html, Safe, escape},
};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::words::CommonWords;

pub(crate) use self::{
    failure::{Failure, explain},
    frame::{Frame, Notice, OperatorFrame, OperatorSection, Section},
    picture::Picture,
    problems::{Problems, TOPIC},
    time::{Times, hour},
};

/// A page, or the error page in its place.
pub(crate) type Shown = Result<Response, Failure>;

/// Renders `template` as a page with `status`.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(body) => {
            let html = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, html)], body).into_response()
        }
        Err(why) => {
            tracing::error!(%why, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Renders `template` as a page.
#[expect(clippy::unnecessary_wraps, reason = "handlers end in it")]
pub(crate) fn shown(template: &impl Template) -> Shown {
    Ok(page(StatusCode::OK, template))
}

/// Indents JSON without changing its tokens; returns any other text as it is.
pub(crate) fn readable(text: &str) -> String {
    domain::json_layout::indented(text).unwrap_or_else(|| text.to_owned())
}

/// Writes `text` as code, for a sentence around it.
pub(crate) fn code(text: &str) -> Safe<String> {
    let Ok(text) = escape(text, Html);
    Safe(format!("<code>{text}</code>"))
}

/// Writes a URL as code, for a sentence around it.
pub(crate) fn url(text: &str) -> Safe<String> {
    let Ok(text) = escape(text, Html);
    Safe(format!("<code class=\"url\">{text}</code>"))
}

/// Writes a number, which a script groups, for a sentence around it.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass what they show by reference")]
pub(crate) fn num(count: &u64) -> Safe<String> {
    Safe(format!("<span class=\"num\">{count}</span>"))
}

/// Writes the name of the time zone of a date field, which a script replaces.
pub(crate) fn zone(say: &CommonWords) -> Safe<String> {
    let Ok(text) = escape(say.utc(), Html);
    Safe(format!("<span data-zone>{text}</span>"))
}

/// Returns whether a body takes so much room that it is folded.
pub(crate) fn is_long(text: &str) -> bool {
    const MOST_LINES: usize = 40;
    text.lines().count() > MOST_LINES
}

/// Host of `url`, for a link that says where it leads.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// Redirects to `path` by 303.
pub(crate) fn see_other(path: &str) -> Response {
    match HeaderValue::try_from(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Redirects to `path`, whose page says what was `done`. The fragment leads to that notice and focuses
/// it; without one, browsers keep the fragment of the page that the form stood on.
pub(crate) fn told(path: &str, done: &str) -> Response {
    let joint = if path.contains('?') { '&' } else { '?' };
    see_other(&format!("{path}{joint}done={done}#notice"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_without_changing_what_it_says() {
        let shown = readable(r#"{"z":1.10,"a":12345678901234567890123,"z":"\u0041"}"#);
        let expected =
            "{\n  \"z\": 1.10,\n  \"a\": 12345678901234567890123,\n  \"z\": \"\\u0041\"\n}";
        assert_eq!(shown, expected);
        assert_eq!(readable("not <JSON>"), "not <JSON>");
    }
}
