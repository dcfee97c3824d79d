//! Limits of accounts, which every binary takes as a whole.

use domain::{Limits, Rate};

use crate::{Reader, Subset, table};

impl Subset for Limits {
    fn read(reader: &mut Reader<'_>) -> Self {
        let mut per_minute = |setting| Rate::per_minute(u64::from(reader.required(setting)));
        let key_requests = per_minute(&table::RATE_LIMIT);
        let session_requests = per_minute(&table::PORTAL_RATE_LIMIT);
        let account_requests = per_minute(&table::ACCOUNT_RATE_LIMIT);
        let pings = per_minute(&table::PING_LIMIT);
        let resends = per_minute(&table::RESEND_LIMIT);
        let sign_in_failures = per_minute(&table::SIGN_IN_LIMIT);
        Self {
            key_requests,
            session_requests,
            account_requests,
            keys: u64::from(reader.required(&table::KEY_QUOTA)),
            portal_sessions: reader.required(&table::PORTAL_SESSION_QUOTA),
            log_bytes: Rate::per_day(reader.required(&table::LOG_QUOTA)),
            pings,
            resends,
            changes: Rate::per_day(u64::from(reader.required(&table::CHANGE_LIMIT))),
            sign_in_failures,
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
        assert_eq!(read::<Limits>(&BTreeMap::new(), &BTreeMap::new()), Ok(Limits::default()));
    }

    #[test]
    fn a_size_has_a_unit() {
        let log_bytes = |text: &str| {
            let env = BTreeMap::from([("LATCHHOOK_LOG_QUOTA".to_owned(), text.to_owned())]);
            read::<Limits>(&BTreeMap::new(), &env).map(|limits| limits.log_bytes.limit)
        };
        for (text, bytes) in [("1B", 1), ("3KiB", 3 << 10), ("2MiB", 2 << 20), ("5GiB", 5 << 30)] {
            assert_eq!(log_bytes(text), Ok(bytes));
        }
        for text in ["0MiB", "256", "256MB", "-1B", "KiB", "99999999999GiB"] {
            let complaint = log_bytes(text).unwrap_err().to_string();
            assert!(complaint.contains("is not a size, such as"), "{complaint}");
        }
    }
}
