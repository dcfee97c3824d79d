//! Header lines of answers.

use bytes::Bytes;

/// Header line as it came, its name in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: Bytes,
    pub(crate) value: Bytes,
}
