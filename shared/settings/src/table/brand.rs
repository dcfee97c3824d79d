//! Settings of the customers' pages' look.

use dashboard::{Accent, Logo, PageParts, Words};

use crate::{parse, setting::Setting, words};

/// Name of the operator's product, on the customers' pages.
pub const BRAND_NAME: Setting<String> =
    Setting::new("brand_name", "LATCHHOOK_BRAND_NAME", parse::brand_name)
        .help("NAME", "Name of your product, on the customers' pages");

/// Logo on the customers' pages.
pub const BRAND_LOGO: Setting<Logo> =
    Setting::new("brand_logo", "LATCHHOOK_BRAND_LOGO", parse::logo).help(
        "FILE",
        "Logo on the customers' pages, served by them: SVG, PNG, JPEG or WebP, 64 KiB at most",
    );

/// Colour of what can be acted on, on the customers' pages.
pub const BRAND_ACCENT: Setting<Accent> =
    Setting::new("brand_accent", "LATCHHOOK_BRAND_ACCENT", parse::accent).help(
        "COLOUR",
        "Colour of links and buttons, such as #4450cf; white on it must be readable, and others are derived from it for the dark",
    );

/// Address of the operator's documentation.
pub const DOCS_URL: Setting<String> = Setting::new("docs_url", "LATCHHOOK_DOCS_URL", parse::link)
    .help("URL", "Your documentation, linked from the customers' pages");

/// Address where customers ask the operator.
pub const SUPPORT_URL: Setting<String> =
    Setting::new("support_url", "LATCHHOOK_SUPPORT_URL", parse::link).help(
        "URL",
        "Where customers ask you, such as about live mode; https:// or mailto:, linked from the customers' pages",
    );

/// Parts of the customers' pages that are shown.
pub const PAGE_PARTS: Setting<PageParts> = Setting::new(
    "page_parts",
    "LATCHHOOK_PAGE_PARTS",
    parse::page_parts,
)
.help(
    "PARTS",
    "Parts of the customers' pages that are shown; credit, too, says what they are made with",
)
.or("keys,webhooks,logs,history");

/// Choice to leave out the header of a page in a frame; true leaves it out.
pub const FRAME_HEADER: Setting<bool> =
    Setting::new("frame_header", "LATCHHOOK_FRAME_HEADER", |text| {
        parse::one_of(text, &[("show", false), ("hide", true)])
    })
    .help("CHOICE", "Header of the customers' pages in a frame: show or hide")
    .or("show");

/// Words of the pages.
pub const WORDS_FILE: Setting<Words> =
    Setting::new("words_file", "LATCHHOOK_WORDS_FILE", words::words_file).help(
        "FILE",
        "A TOML file with words for the pages in place of the English ones, which `latchhook words` prints",
    );
