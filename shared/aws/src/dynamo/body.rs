//! Bodies of documents in items: as text, or compressed where that is shorter. Writing costs by each
//! kilobyte that is begun, keeping by the byte.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use bytes::Bytes;
use miniz_oxide::{deflate::compress_to_vec, inflate::decompress_to_vec_with_limit};
use ports::{Corrupt, Unavailable};

use super::attributes::{Item, read_text, text};

/// Attribute of a body as text.
const TEXT: &str = "body";
/// Attribute of a body that is compressed (RFC 1951).
const PACKED: &str = "packed";
/// Length up to which a body is not worth compressing, in bytes: it fits into the first kilobyte.
const SHORT: usize = 400;
/// Level of compression, of 1 to 10: the usual one.
const LEVEL: u8 = 6;
/// Largest body, in bytes: nothing that is accepted is as large.
const LARGEST: usize = 64 << 20;

/// Puts `body` into `item`.
///
/// # Errors
/// When it is not text.
pub(super) fn write(item: &mut Item, body: &Bytes) -> Result<(), Unavailable> {
    let plain =
        std::str::from_utf8(body).map_err(|why| Unavailable::new("writing a document", why))?;
    let packed = (body.len() > SHORT).then(|| compress_to_vec(body, LEVEL));
    match packed.filter(|packed| packed.len() < body.len()) {
        Some(packed) => item.insert(PACKED.to_owned(), AttributeValue::B(Blob::new(packed))),
        None => item.insert(TEXT.to_owned(), text(plain)),
    };
    Ok(())
}

/// Reads the body in `item`.
///
/// # Errors
/// When it has none, or one that can't be read.
pub(super) fn read(item: &Item) -> Result<Bytes, Corrupt> {
    let Some(packed) = item.get(PACKED) else {
        return Ok(Bytes::copy_from_slice(read_text(item, TEXT)?.as_bytes()));
    };
    let damaged = |why: String| Corrupt::new("reading a document", why);
    let packed = packed.as_b().map_err(|_| damaged("its body is not bytes".to_owned()))?;
    let body = decompress_to_vec_with_limit(packed.as_ref(), LARGEST);
    Ok(body.map_err(|why| damaged(format!("its body does not unpack: {why}")))?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(body: &str) -> Item {
        let mut item = Item::new();
        write(&mut item, &Bytes::copy_from_slice(body.as_bytes())).unwrap();
        item
    }

    #[test]
    fn a_body_is_read_as_it_was_written() {
        for (body, name) in [
            ("{}".to_owned(), TEXT),
            ("\u{e9}".repeat(SHORT / 2), TEXT),
            (r#"{"name":"x"}"#.repeat(100), PACKED),
        ] {
            let item = written(&body);
            assert_eq!(item.keys().collect::<Vec<_>>(), [name]);
            assert_eq!(read(&item).unwrap(), body);
        }
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        let damaged = [text("x"), AttributeValue::B(Blob::new([7; 9]))];
        for value in damaged {
            assert!(read(&Item::from([(PACKED.to_owned(), value)])).is_err());
        }
        assert!(read(&Item::new()).is_err());
    }
}
