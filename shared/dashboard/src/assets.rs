//! Stylesheet, script and icons: embedded in the binary, under names that contain a hash of the
//! file.

use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use miniz_oxide::deflate::compress_to_vec_zlib;
use sha2::{Digest as _, Sha256};

use crate::branding::Logo;

/// Slowest and smallest compression level: each file is compressed only once.
const BEST: u8 = 10;

/// Type of stylesheets.
const STYLE: &str = "text/css; charset=utf-8";

/// A file that pages load, such as the stylesheet.
pub(crate) struct Asset {
    /// Path of the file, such as `/dashboard/assets/page-0a1b2c3d.css`.
    pub(crate) href: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
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
    style: Asset::new("css", STYLE, &tight(include_str!("../assets/page.css"))),
    script: Asset::new("js", "text/javascript; charset=utf-8", include_str!("../assets/page.js")),
    icons: Asset::new("svg", "image/svg+xml", include_str!("../assets/icons.svg")),
});

impl Asset {
    fn new(extension: &str, content_type: &'static str, text: &str) -> Self {
        Self::of(extension, content_type, Bytes::from(lean(text)))
    }

    fn of(extension: &str, content_type: &'static str, body: Bytes) -> Self {
        let hash = hex::encode(&Sha256::digest(&body)[..6]);
        let href = format!("/dashboard/assets/page-{hash}.{extension}");
        Self { href, content_type, body, deflated: OnceLock::new() }
    }

    /// A stylesheet that follows the common one.
    pub(crate) fn style(text: &str) -> Self {
        Self::new("css", STYLE, &tight(text))
    }

    /// The logo of the operator's.
    pub(crate) fn logo(logo: Logo) -> Self {
        Self::of(logo.extension, logo.content_type, logo.bytes)
    }

    /// Returns whether the file is an image of the operator's, which is not ours to trust.
    pub(crate) fn is_foreign(&self) -> bool {
        self.content_type.starts_with("image/") && self.href != ASSETS.icons.href
    }

    pub(crate) fn deflated(&self) -> Bytes {
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
