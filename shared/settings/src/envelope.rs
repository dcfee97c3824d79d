//! Envelope of deliveries, of its settings.

use domain::Envelope;

use crate::{Reader, Subset, table};

impl Subset for Envelope {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            format: reader.required(&table::PAYLOAD_FORMAT),
            signature_headers: reader.required(&table::SIGNATURE_HEADERS),
        }
    }
}
