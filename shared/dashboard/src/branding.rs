//! Branding: how an operator wants the customers' pages to look, and which of them there are.

mod accent;
mod logo;
mod parts;

pub use self::{accent::Accent, logo::Logo, parts::PageParts};

use crate::Words;

/// Branding of the customers' pages. Nothing on them is ours, unless the operator wants a credit.
#[derive(Debug, Clone, Default)]
pub struct Branding {
    /// Name of the operator's product.
    pub name: Option<String>,
    /// Logo, served from the pages' own origin.
    pub logo: Option<Logo>,
    /// Colour of what can be acted on.
    pub accent: Option<Accent>,
    /// Address of the operator's documentation.
    pub docs_url: Option<String>,
    /// Address where customers ask the operator, of the web or of a mailbox.
    pub support_url: Option<String>,
    /// Parts of the pages that are shown.
    pub parts: PageParts,
    /// True if a page in a frame has no header: the site around it has its own.
    pub frameless: bool,
    /// Every sentence; there are so many that they are kept apart.
    pub words: Box<Words>,
}
