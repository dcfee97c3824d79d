//! Web pages: developer settings for customers, and administration for the operator.
//!
//! The crate is a client of the API, in process: [`router`] serves `/dashboard` and `/operator`,
//! and asks everything of the API's own router with the session's token. So the page can do nothing
//! that the API refuses, and no rule exists twice; what is refused comes back as a problem and
//! stands at its field. The crate never touches the store, never keeps a token anywhere but in its
//! reader's cookie, and shows no secret that was not asked for.
//!
//! Read it from `pages`, one file a page, each with its template in `templates/`. `session` says
//! who is signed in and checks that a form is theirs; `client` calls the API; `headers` adds the
//! security headers to every answer.
//!
//! # Without scripts
//!
//! Every page reads, and every form works, without scripts: a form is posted, and answered by a
//! redirect to the page that shows what came of it. `assets/page.js` adds to that: copying,
//! revealing in place, the reader's own time zone, live lists, a filter for long choices. It builds
//! no page of its own.
//!
//! # How it looks
//!
//! All of it is in one stylesheet, `assets/page.css`, and every value in that is one of the
//! variables at its top. The rules:
//!
//! * One accent colour, for what can be acted on: links, the main button of a form, focus. Green,
//!   amber and red only say how something went, and never without a word or a shape beside them.
//! * Spaces are multiples of 4 pixels (`--s1` to `--s8`); corners are round by `--round`.
//! * One family of type, the system's, in four sizes; figures in tables have one width. What can be
//!   copied into a program is monospaced.
//! * A page is a heading with its action, then cards. A card is one task. Rows of lists are 44
//!   pixels high at least, so that a finger hits them.
//! * A destructive act is on a page or in a fold of its own, in red, and says what it destroys.
//! * Light and dark are two sets of the same variables, chosen by the system. Contrast is 4.5 to 1
//!   at least for text and 3 to 1 for shapes.
//! * Nothing moves but what the reader moves, and with reduced motion not even that. Times that a
//!   script rewrites have the width of what they replace.
//! * Below 860 pixels the side menu becomes a strip. Where a list is narrower than its columns,
//!   rows become cards. Nothing is left out.

mod assets;
mod brand;
mod branding;
mod client;
mod compressed;
mod headers;
mod html;
mod pages;
mod session;
mod state;
mod words;

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{self, Next},
    response::Response,
};
use http::HeaderValue;
use tracing::Instrument as _;

use brand::Brand;
pub use branding::{Accent, Branding, Logo, PageParts};
pub use pages::SIGN_IN_CALLBACK;
pub use state::{Options, SignInWays};
use state::{Page, Parts};
pub use words::Words;

/// Returns what is wrong with a receiver that answered `status`, or failed with `code` without an answer, and
/// what to check, in the English words of the pages; none where that is not known.
#[must_use]
pub fn what_to_check(status: Option<u16>, code: &str) -> Option<String> {
    words::TroubleWords::ENGLISH.told(status, code).map(Cow::into_owned)
}

/// Router of `/dashboard` and `/operator`. `api` makes the router that pages call: the API, and the
/// few routes for pages only. It is made on first use, because registering all routes takes a tenth
/// of a Lambda function's start, and static files, redirects and the sign-in page do not need it.
pub fn router(api: impl FnOnce() -> Router + Send + 'static, options: Options) -> Router {
    let policy = headers::Policy::of(&options.frame_ancestors);
    let brand = Brand::new(options.branding.clone(), &options.frame_ancestors);
    let page = Page(Arc::new(Parts { api: LazyLock::new(Box::new(api)), brand, options }));
    pages::routes()
        .layer(middleware::from_fn_with_state(page.clone(), pages::leave_out))
        .layer(middleware::from_fn_with_state(page.clone(), html::explain))
        .layer(middleware::from_fn(compressed::answer))
        .layer(middleware::from_fn_with_state(Arc::new(policy), headers::add))
        .layer(middleware::from_fn_with_state(page.clone(), in_span))
        .with_state(page)
}

/// Names a request, and answers it inside a span, so that log lines say which page they are about.
async fn in_span(State(page): State<Page>, request: Request, next: Next) -> Response {
    let id = page.new_request_id();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map(MatchedPath::as_str);
    let span = tracing::info_span!("page", method = %request.method(), route, request_id = %id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}
