//! Extent of failing of which the operator is told.

use domain::delivery::Failing;

use crate::{Reader, Subset, table};

impl Subset for Failing {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            after: reader.required(&table::FAILING_AFTER),
            attempts: u64::from(reader.required(&table::FAILING_ATTEMPTS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::read;

    #[test]
    fn the_defaults_are_those_of_the_product() {
        assert_eq!(read::<Failing>(&BTreeMap::new(), &BTreeMap::new()), Ok(Failing::default()));
    }
}
