//! Branding of the customers' pages, which the binaries that have pages take as a whole.

use dashboard::Branding;

use crate::{Reader, Subset, table};

impl Subset for Branding {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            name: reader.optional(&table::BRAND_NAME),
            logo: reader.optional(&table::BRAND_LOGO),
            accent: reader.optional(&table::BRAND_ACCENT),
            docs_url: reader.optional(&table::DOCS_URL),
            support_url: reader.optional(&table::SUPPORT_URL),
            parts: reader.optional(&table::PAGE_PARTS).unwrap_or_default(),
            frameless: reader.optional(&table::FRAME_HEADER).unwrap_or_default(),
            words: Box::new(reader.optional(&table::WORDS_FILE).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, io::Write as _};

    use dashboard::PageParts;

    use super::*;
    use crate::{read, read_deployed};

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn file(contents: &[u8]) -> (tempfile::NamedTempFile, String) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(contents).unwrap();
        let path = file.path().display().to_string();
        (file, path)
    }

    #[test]
    fn without_any_the_pages_have_no_name_and_every_part() {
        let deployed: Branding = read_deployed(&BTreeMap::new()).unwrap();
        let standalone: Branding = read(&BTreeMap::new(), &BTreeMap::new()).unwrap();
        for branding in [deployed, standalone] {
            assert_eq!((branding.parts, branding.frameless), (PageParts::default(), false));
            assert!(branding.name.is_none() && branding.logo.is_none());
        }
    }

    #[test]
    fn every_wrong_value_is_told_at_once() {
        let (_logo, logo) = file(b"GIF89a");
        let (_words, words) = file(b"frame.sign_off = 'Leave'\n[notices]\nrecovered = 'All.'\n");
        let problems = read::<Branding>(
            &BTreeMap::new(),
            &env(&[
                (
                    "LATCHHOOK_BRAND_NAME",
                    "<nobody has such a long name>, they say, and yet it is one",
                ),
                ("LATCHHOOK_BRAND_LOGO", &logo),
                ("LATCHHOOK_BRAND_ACCENT", "#ffcc00"),
                ("LATCHHOOK_DOCS_URL", "javascript:alert(1)"),
                ("LATCHHOOK_SUPPORT_URL", "mailto:"),
                ("LATCHHOOK_PAGE_PARTS", "keys,billing"),
                ("LATCHHOOK_FRAME_HEADER", "no"),
                ("LATCHHOOK_WORDS_FILE", &words),
            ]),
        );
        let told = problems.unwrap_err().to_string();
        for expected in [
            "LATCHHOOK_BRAND_NAME: must be a name of 1 to 40 characters",
            "is not an SVG, PNG, JPEG or WebP",
            "LATCHHOOK_BRAND_ACCENT: #ffcc00 has a contrast of 1.5 to white",
            "LATCHHOOK_DOCS_URL: must be an http://, https:// or mailto: URL without credentials",
            "LATCHHOOK_SUPPORT_URL: must be an http://",
            "LATCHHOOK_PAGE_PARTS: \"billing\" is none of",
            "LATCHHOOK_FRAME_HEADER: \"no\" is neither show nor hide",
            "frame.sign_off: there is no such sentence; notices.recovered: lacks {count}",
        ] {
            assert!(told.contains(expected), "{expected}: {told}");
        }
    }

    #[test]
    fn words_are_read_from_tables_and_dotted_names() {
        let (_words, path) = file(b"frame.sign_out = 'Leave'\n[notices]\nping = 'Sent.'\n");
        let env = env(&[("LATCHHOOK_WORDS_FILE", &path)]);
        assert!(read::<Branding>(&BTreeMap::new(), &env).is_ok());
        for (wrong, why) in [
            ("frame = 'Leave'\n", "frame: must be a table of sentences"),
            ("[notices]\nping = 1\n", "notices.ping: must be a text"),
            ("[notices\n", "LATCHHOOK_WORDS_FILE"),
        ] {
            let (_words, path) = file(wrong.as_bytes());
            let env = self::env(&[("LATCHHOOK_WORDS_FILE", &path)]);
            let told = read::<Branding>(&BTreeMap::new(), &env).unwrap_err().to_string();
            assert!(told.contains(why), "{told}");
        }
    }
}
