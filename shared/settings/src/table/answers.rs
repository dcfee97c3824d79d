//! Settings of what the API answers.

use domain::Compatibility;

use crate::{parse, setting::Setting};

/// Service whose clients the API answers as they expect.
pub const COMPATIBILITY: Setting<Compatibility> = Setting::new(
    "compatibility",
    "LATCHHOOK_COMPATIBILITY",
    |text| parse::one_of(text, &[("none", Compatibility::None), ("checkr", Compatibility::Checkr)]),
)
.help(
    "none|checkr",
    "checkr: lists have numbered pages too, and refusals are worded as Checkr's clients know them",
)
.or("none");
