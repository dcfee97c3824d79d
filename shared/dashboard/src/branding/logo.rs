//! Logo of the operator's, with a type that browsers only draw.

use bytes::Bytes;

/// Largest logo, in bytes: it is on every page, and in memory.
const LARGEST: usize = 64 * 1024;

/// Logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Type by which it is served; never by what its file is called.
    pub(crate) content_type: &'static str,
    /// Extension of such files.
    pub(crate) extension: &'static str,
    /// Contents.
    pub(crate) bytes: Bytes,
}

impl Logo {
    /// Returns the logo that `bytes` are: an SVG, PNG, JPEG or WebP of 64 KiB at most. A script in an
    /// SVG does not run: it is drawn as an image, and served with a policy that allows nothing.
    ///
    /// # Errors
    /// When it is too large, or something else.
    pub fn of(bytes: Vec<u8>) -> Result<Self, String> {
        if bytes.len() > LARGEST {
            return Err(format!("has {} bytes; a logo has 64 KiB at most", bytes.len()));
        }
        let (content_type, extension) =
            kind(&bytes).ok_or_else(|| "is not an SVG, PNG, JPEG or WebP".to_owned())?;
        Ok(Self { content_type, extension, bytes: Bytes::from(bytes) })
    }
}

fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(("image/png", "png"));
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(("image/jpeg", "jpg"));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(("image/webp", "webp"));
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
    let is_svg = text.starts_with('<') && text.contains("<svg") && text.contains("</svg>");
    is_svg.then_some(("image/svg+xml", "svg"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_served_as_what_it_is() {
        let kind = |bytes: &[u8]| Logo::of(bytes.to_vec()).map(|logo| logo.content_type);
        let svg = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>";
        assert_eq!(kind(svg), Ok("image/svg+xml"));
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0"), Ok("image/png"));
        assert_eq!(kind(b"\xff\xd8\xff\xe0"), Ok("image/jpeg"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Ok("image/webp"));
        for other in [&b"<html><script></script></html>"[..], b"GIF89a", b"", b"<svg>"] {
            assert!(kind(other).unwrap_err().contains("not an SVG"), "{other:?}");
        }
        assert!(kind(&vec![b' '; LARGEST + 1]).unwrap_err().contains("64 KiB at most"));
    }
}
