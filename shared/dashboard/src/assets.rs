//! Stylesheet, script and icons: embedded in the binary, under names that contain a hash of the
//! file.

use std::sync::{LazyLock, OnceLock};

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use miniz_oxide::deflate::compress_to_vec_zlib;
use sha2::{Digest as _, Sha256};

/// Slowest and smallest compression level: each file is compressed only once.
const BEST: u8 = 10;
/// Cache header of one year: a file that changes gets another name.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A file that pages load, such as the stylesheet.
pub(crate) struct Asset {
    /// Path of the file, such as `/dashboard/assets/page-0a1b2c3d.css`.
    pub(crate) href: String,
    content_type: &'static str,
    body: Bytes,
    /// Compressed body, made on first use; about a third of the size.
    deflated: OnceLock<Bytes>,
}

/// Every file that pages load.
pub(crate) struct Assets {
    /// The stylesheet.
    pub(crate) style: Asset,
    /// The script.
    pub(crate) script: Asset,
    /// The icons, as symbols of one SVG.
    pub(crate) icons: Asset,
}

/// The files of this binary.
pub(crate) static ASSETS: LazyLock<Assets> = LazyLock::new(|| Assets {
    style: Asset::new("css", "text/css; charset=utf-8", &tight(include_str!("../assets/page.css"))),
    script: Asset::new("js", "text/javascript; charset=utf-8", include_str!("../assets/page.js")),
    icons: Asset::new("svg", "image/svg+xml", include_str!("../assets/icons.svg")),
});

impl Asset {
    fn new(extension: &str, content_type: &'static str, text: &str) -> Self {
        let hash = hex::encode(&Sha256::digest(text)[..6]);
        let href = format!("/dashboard/assets/page-{hash}.{extension}");
        Self { href, content_type, body: Bytes::from(lean(text)), deflated: OnceLock::new() }
    }

    fn deflated(&self) -> Bytes {
        self.deflated.get_or_init(|| compress_to_vec_zlib(&self.body, BEST).into()).clone()
    }
}

/// Strips indentation, empty lines and comment lines.
fn lean(text: &str) -> String {
    let is_comment =
        |line: &str| line.starts_with("// ") || (line.starts_with("/* ") && line.ends_with(" */"));
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// Strips spaces that a stylesheet does not need.
fn tight(style: &str) -> String {
    let spaced = ["{ ", " {", ": ", "; ", ", ", " }"];
    spaced.iter().fold(style.to_owned(), |style, spaced| style.replace(spaced, spaced.trim()))
}

/// Serves a file by its name, compressed if the browser accepts that.
pub(crate) async fn serve(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let all = [&ASSETS.style, &ASSETS.script, &ASSETS.icons];
    match all.into_iter().find(|asset| asset.href.rsplit('/').next() == Some(&name)) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.content_type),
                (header::CACHE_CONTROL, FOR_EVER),
                (header::VARY, "accept-encoding"),
            ];
            if takes_deflated(&asked) {
                let headers = (headers, [(header::CONTENT_ENCODING, "deflate")]);
                return (headers, asset.deflated()).into_response();
            }
            (headers, asset.body.clone()).into_response()
        }
    }
}

fn takes_deflated(asked: &HeaderMap) -> bool {
    let lines = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|encoding| encoding.trim() == "deflate")
}
