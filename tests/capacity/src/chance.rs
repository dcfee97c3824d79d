//! Reproducible randomness.

/// Random number generator with a seed: `SplitMix64` (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Draws the next number.
    pub(crate) const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Draws a number below `end`.
    pub(crate) const fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// Draws a number from 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are all that a number has")]
    pub(crate) fn share(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Draws how many come in a time in which `mean` come on average: Poisson's distribution (Knuth 1969).
    pub(crate) fn comers(&mut self, mean: f64) -> u32 {
        let end = (-mean).exp();
        let (mut product, mut comers) = (self.share(), 0);
        while product > end {
            product *= self.share();
            comers += 1;
        }
        comers
    }
}

/// Returns a number that looks random, and is the same each time.
pub(crate) const fn mix(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
