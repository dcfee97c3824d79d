//! Stack: what AWS gives, and what its operator has set.

/// Quotas of a stack, and the parameters of the template that say how much it may use.
#[derive(Debug, Clone, Copy)]
pub struct Stack {
    /// Write units a second that each table's quota allows, and as many read units.
    pub table_quota: f64,
    /// Writes a second that each table has grown to when a run begins, if it only wrote.
    pub grown_to: f64,
    /// Batches of first attempts that may be made at once: `FirstConcurrency`.
    pub first: usize,
    /// Batches of retries that may be made at once: `RetryConcurrency`.
    pub retry: usize,
    /// True if Lambda has as many pollers as it may have when a run begins, as after some minutes of traffic.
    pub is_warm: bool,
}

impl Stack {
    /// Units a second of a table, of writes and of reads, without asking for more (Developer Guide,
    /// "Quotas in Amazon DynamoDB").
    pub const QUOTA: f64 = 40_000.0;
    /// Writes that a table which takes its quota of both writes and reads would take if it only wrote: a
    /// partition takes three reads in the place of a write.
    const BOTH: f64 = 4.0 / 3.0;
    /// Write units a second of a new table (Developer Guide, "On-demand capacity mode").
    pub const NEW: f64 = 4000.0;
    /// Largest number of batches at once that the template's parameters allow.
    pub const MOST_AT_ONCE: usize = 1000;

    /// Stack in an account with the quotas that AWS gives without being asked, on tables that have grown to
    /// them, with as many batches at once as the template allows.
    #[must_use]
    pub const fn usual() -> Self {
        Self {
            table_quota: Self::QUOTA,
            grown_to: Self::BOTH * Self::QUOTA,
            first: Self::MOST_AT_ONCE,
            retry: Self::MOST_AT_ONCE,
            is_warm: true,
        }
    }

    /// The usual stack with tables that may be used ten times as much, and are.
    #[must_use]
    pub const fn raised() -> Self {
        Self {
            table_quota: 10.0 * Self::QUOTA,
            grown_to: 10.0 * Self::BOTH * Self::QUOTA,
            ..Self::usual()
        }
    }

    /// The stack on new tables, which nobody has used yet.
    #[must_use]
    pub const fn new_tables(self) -> Self {
        Self { grown_to: Self::NEW, is_warm: false, ..self }
    }

    /// The stack on new tables that are warm for so many writes and reads a second: `WarmWrites` and
    /// `WarmReads`.
    #[must_use]
    pub fn warm_tables(self, writes: u32, reads: u32) -> Self {
        let grown_to = f64::from(writes) + f64::from(reads) * (Self::BOTH - 1.0);
        Self { grown_to, ..self.new_tables() }
    }
}
