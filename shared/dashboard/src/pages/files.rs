//! Files that pages load, served by their names.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};

use crate::{assets::ASSETS, state::Page};

/// Cache header of one year: a file that changes gets another name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Policy of an image that somebody opens by itself: nothing in it runs or loads.
const IMAGE_ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Serves a file by its name, compressed if the browser accepts that.
pub(crate) async fn serve(
    State(page): State<Page>,
    Path(name): Path<String>,
    asked: HeaderMap,
) -> Response {
    let brand = &page.0.brand;
    let common = [&ASSETS.style, &ASSETS.script, &ASSETS.icons];
    let mut all = common.into_iter().chain(&brand.style).chain(&brand.logo);
    let Some(asset) = all.find(|asset| asset.href.rsplit('/').next() == Some(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, "accept-encoding"),
    ];
    if asset.is_foreign() {
        let alone = [(header::CONTENT_SECURITY_POLICY, IMAGE_ALONE)];
        return (headers, alone, asset.body.clone()).into_response();
    }
    if takes_deflated(&asked) {
        let headers = (headers, [(header::CONTENT_ENCODING, "deflate")]);
        return (headers, asset.deflated()).into_response();
    }
    (headers, asset.body.clone()).into_response()
}

fn takes_deflated(asked: &HeaderMap) -> bool {
    let lines = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|encoding| encoding.trim() == "deflate")
}
