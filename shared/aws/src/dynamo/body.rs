//! Bodies of documents in items: as text, or compressed where that is shorter. Writing costs by each
//! kilobyte that is begun, keeping by the byte.
//!
//! Most are short and have the same names in them, so they are compressed as what follows a
//! [text](dictionary) that has these.

mod dictionary;

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use bytes::Bytes;
use miniz_oxide::{
    deflate::core::{
        CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
    },
    inflate::{
        TINFLStatus,
        core::{
            DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF,
        },
        decompress_to_vec_with_limit,
    },
};
use ports::{Corrupt, Unavailable};

use self::dictionary::FIRST;
use super::attributes::{Item, read_text, text};

/// Attribute of a body as text.
const TEXT: &str = "body";
/// Attribute of a body that is compressed as what follows the [first dictionary](FIRST) (RFC 1951).
const AFTER_FIRST: &str = "d1";
/// Attribute of a body that is compressed by itself (RFC 1951), as it was before there was a dictionary.
const PACKED: &str = "packed";
/// Level of compression, of 1 to 10: the usual one.
const LEVEL: i32 = 6;
/// Largest body, in bytes: nothing that is accepted is as large.
const LARGEST: usize = 64 << 20;

/// Puts `body` into `item`.
///
/// # Errors
/// When it is not text.
pub(super) fn write(item: &mut Item, body: &Bytes) -> Result<(), Unavailable> {
    let plain =
        std::str::from_utf8(body).map_err(|why| Unavailable::new("writing a document", why))?;
    let packed = pack(body);
    if packed.len() < body.len() {
        item.insert(AFTER_FIRST.to_owned(), AttributeValue::B(Blob::new(packed)));
    } else {
        item.insert(TEXT.to_owned(), text(plain));
    }
    Ok(())
}

/// Reads the body in `item`.
///
/// # Errors
/// When it has none, or one that can't be read.
pub(super) fn read(item: &Item) -> Result<Bytes, Corrupt> {
    let damaged = |why: String| Corrupt::new("reading a document", why);
    let bytes = |packed: &AttributeValue| {
        packed.as_b().cloned().map_err(|_| damaged("its body is not bytes".to_owned()))
    };
    let body = if let Some(packed) = item.get(AFTER_FIRST) {
        unpack(bytes(packed)?.as_ref())
    } else if let Some(packed) = item.get(PACKED) {
        decompress_to_vec_with_limit(bytes(packed)?.as_ref(), LARGEST).map_err(|why| why.status)
    } else {
        return Ok(Bytes::copy_from_slice(read_text(item, TEXT)?.as_bytes()));
    };
    Ok(body.map_err(|why| damaged(format!("its body does not unpack: {why:?}")))?.into())
}

/// Compresses the dictionary and then the body, and returns what comes of the latter.
fn pack(body: &[u8]) -> Vec<u8> {
    let raw = create_comp_flags_from_zip_params(LEVEL, 0, 0);
    let (mut compressor, mut packed) = (CompressorOxide::new(raw), Vec::new());
    compress_to_output(&mut compressor, FIRST.as_bytes(), TDEFLFlush::Sync, |_| true);
    compress_to_output(&mut compressor, body, TDEFLFlush::Finish, |bytes| {
        packed.extend_from_slice(bytes);
        true
    });
    packed
}

/// Undoes [`pack`].
fn unpack(packed: &[u8]) -> Result<Vec<u8>, TINFLStatus> {
    let (mut state, mut body) = (Box::<DecompressorOxide>::default(), FIRST.as_bytes().to_vec());
    let (mut taken, mut end) = (0, body.len());
    loop {
        body.resize((2 * body.len()).min(FIRST.len() + LARGEST), 0);
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
        let (status, read, written) =
            decompress(&mut state, packed.get(taken..).unwrap_or_default(), &mut body, end, flags);
        (taken, end) = (taken + read, end + written);
        match status {
            TINFLStatus::Done => break,
            TINFLStatus::HasMoreOutput if body.len() < FIRST.len() + LARGEST => {}
            other => return Err(other),
        }
    }
    body.truncate(end);
    Ok(body.split_off(FIRST.len()))
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
        let digits: String = (0..200_000).map(|number: u32| number.to_string()).collect();
        for (body, name) in [
            ("{}".to_owned(), TEXT),
            ("\u{e9}".repeat(200), AFTER_FIRST),
            (r#"{"name":"x"}"#.repeat(100), AFTER_FIRST),
            (digits, AFTER_FIRST),
        ] {
            let item = written(&body);
            assert_eq!(item.keys().collect::<Vec<_>>(), [name]);
            assert_eq!(read(&item).unwrap(), body);
        }
    }

    #[test]
    fn what_the_dictionary_has_takes_less_than_half_of_what_it_takes_without() {
        let delivery = r#"{"format":1,"status":"delivered","run":0,"generation":0,"attempts":1}"#;
        let without = miniz_oxide::deflate::compress_to_vec(delivery.as_bytes(), 6);
        assert!(2 * pack(delivery.as_bytes()).len() < without.len());
    }

    /// The dictionary is for ever: these bytes were written with it, by zlib.
    #[test]
    fn a_body_of_long_ago_is_read() {
        let packed: [u8; 12] = [171, 198, 90, 87, 35, 215, 117, 72, 181, 114, 45, 0];
        let item = Item::from([(AFTER_FIRST.to_owned(), AttributeValue::B(Blob::new(packed)))]);
        assert_eq!(read(&item).unwrap(), r#"{"format":1,"status":"delivered","attempts":1}"#);
    }

    #[test]
    fn a_body_that_was_compressed_by_itself_is_read() {
        let body = r#"{"name":"x"}"#.repeat(100);
        let packed = miniz_oxide::deflate::compress_to_vec(body.as_bytes(), 6);
        let item = Item::from([(PACKED.to_owned(), AttributeValue::B(Blob::new(packed)))]);
        assert_eq!(read(&item).unwrap(), body);
    }

    #[test]
    fn a_damaged_body_is_an_error() {
        let damaged = [text("x"), AttributeValue::B(Blob::new([7; 9]))];
        for (name, value) in [PACKED, AFTER_FIRST]
            .into_iter()
            .flat_map(|name| damaged.clone().map(|value| (name, value)))
        {
            assert!(read(&Item::from([(name.to_owned(), value)])).is_err());
        }
        let whole = pack(r#"{"name":"x"}"#.repeat(100).as_bytes());
        for end in 0..whole.len() {
            assert!(unpack(&whole[..end]).is_err(), "{end}");
        }
        assert!(read(&Item::new()).is_err());
    }
}
