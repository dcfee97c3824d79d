//! Parts of the customers' pages, each of which an operator can leave out.

use std::str::FromStr;

/// Parts of the customers' pages that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of its own")]
pub struct PageParts {
    /// API keys.
    pub keys: bool,
    /// Webhooks.
    pub webhooks: bool,
    /// Logs and events.
    pub logs: bool,
    /// History of the settings.
    pub history: bool,
    /// Line at the end of each page that says what it is made with.
    pub credit: bool,
}

impl Default for PageParts {
    fn default() -> Self {
        Self { keys: true, webhooks: true, logs: true, history: true, credit: false }
    }
}

impl PageParts {
    const NONE: Self =
        Self { keys: false, webhooks: false, logs: false, history: false, credit: false };

    /// Returns whether the page at `path` is one of the parts, or of none of them.
    pub(crate) fn have(self, path: &str) -> bool {
        let part = path.strip_prefix("/dashboard/").and_then(|rest| rest.split('/').next());
        match part {
            Some("keys") => self.keys,
            Some("webhooks") => self.webhooks,
            Some("logs" | "events") => self.logs,
            Some("history") => self.history,
            _ => true,
        }
    }
}

impl FromStr for PageParts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = Self::NONE;
        for word in text.split(',').map(str::trim) {
            let part = match word {
                "keys" => &mut parts.keys,
                "webhooks" => &mut parts.webhooks,
                "logs" => &mut parts.logs,
                "history" => &mut parts.history,
                "credit" => &mut parts.credit,
                _ => {
                    return Err(format!(
                        "{word:?} is none of keys, webhooks, logs, history, credit"
                    ));
                }
            };
            *part = true;
        }
        let has_page = parts.keys || parts.webhooks || parts.logs || parts.history;
        if has_page { Ok(parts) } else { Err("must have a page, such as keys".to_owned()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_and_one_of_them_is_a_page() {
        assert_eq!("keys,webhooks,logs,history".parse(), Ok(PageParts::default()));
        let some: PageParts = "webhooks, credit".parse().unwrap();
        assert!(some.have("/dashboard/webhooks/wh_1") && !some.have("/dashboard/keys"));
        assert!(some.have("/dashboard/") && some.credit);
        assert!("keys,log".parse::<PageParts>().unwrap_err().contains("\"log\" is none of"));
        assert!("credit".parse::<PageParts>().is_err() && "".parse::<PageParts>().is_err());
    }
}
