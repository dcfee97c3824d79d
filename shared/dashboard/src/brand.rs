//! Brand: the operator's branding, with the files that pages load for it.

use std::borrow::Cow;

use http::HeaderMap;

use crate::{Branding, Words, assets::Asset};

/// Branding with the files that pages load for it.
pub(crate) struct Brand {
    pub(crate) of: Branding,
    /// The logo.
    pub(crate) logo: Option<Asset>,
    /// Sites that may show the pages in a frame, with spaces between.
    pub(crate) parents: String,
    /// Stylesheet that replaces the accent colours.
    pub(crate) style: Option<Asset>,
}

impl Brand {
    /// Makes the files of `branding`, for pages in frames of `parents`.
    pub(crate) fn new(branding: Branding, parents: &[String]) -> Self {
        let style = branding.accent.map(|accent| Asset::style(&accent.style()));
        let logo = branding.logo.clone().map(Asset::logo);
        Self { of: branding, logo, parents: parents.join(" "), style }
    }

    /// Returns whether a page that is asked for with `headers` has no header: it stands in a frame, and the
    /// operator wants none there. Browsers say of each page whether it is in one.
    pub(crate) fn is_bare(&self, headers: &HeaderMap) -> bool {
        let kind = headers.get("sec-fetch-dest").and_then(|kind| kind.to_str().ok());
        self.of.frameless && matches!(kind, Some("iframe" | "frame"))
    }

    /// Words of the pages.
    pub(crate) fn say(&self) -> &Words {
        &self.of.words
    }

    /// Name of the site: the operator's, or what these pages are.
    pub(crate) fn site(&self) -> Cow<'_, str> {
        match &self.of.name {
            Some(name) => self.of.words.frame.settings_of(name),
            None => self.of.words.frame.developer_settings(),
        }
    }
}
