//! Accent colour: its contrast, and the colours that are derived from it for light and dark.
//!
//! Luminance and contrast are those of WCAG 2.2
//! (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>), which asks for 4.5 to 1 of text and for 3
//! to 1 of shapes.

use std::{fmt, str::FromStr};

/// Contrast that text has at least.
const TEXT: f64 = 4.5;
/// Contrast that shapes have at least.
const SHAPE: f64 = 3.0;
const WHITE: Colour = Colour([255, 255, 255]);
const BLACK: Colour = Colour([0, 0, 0]);
/// Grounds of `page.css` that accented text stands on, by day.
const LIGHT: [Colour; 3] = [WHITE, Colour([0xf6, 0xf7, 0xf9]), Colour([0xf1, 0xf3, 0xf6])];
/// Grounds of `page.css` that accented text stands on, by night; the first is that of cards.
const DARK: [Colour; 3] =
    [Colour([0x17, 0x1b, 0x22]), Colour([0x0f, 0x12, 0x17]), Colour([0x1e, 0x24, 0x2d])];

/// Accent colour, on which white text can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent(Colour);

/// Colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl FromStr for Accent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let colour = Colour::parse(text)
            .ok_or_else(|| format!("{text:?} is not a colour, such as #4450cf"))?;
        let contrast = colour.contrast(WHITE);
        if contrast >= TEXT {
            return Ok(Self(colour));
        }
        let instead = colour.towards(BLACK, |darker| darker.contrast(WHITE) >= TEXT);
        Err(format!(
            "{text} has a contrast of {contrast:.1} to white, and text needs {TEXT}: {instead} would do"
        ))
    }
}

impl Accent {
    /// Stylesheet that puts the accent's colours in the places of the standard ones.
    pub(crate) fn style(self) -> String {
        let Self(main) = self;
        let soft = WHITE.mixed(main, 0.1);
        let text = main.towards(BLACK, |text| text.is_read_on(&LIGHT) && text.is_read_on(&[soft]));
        let light = Palette { text, soft, main, over: main.mixed(BLACK, 0.18) };

        let soft = DARK[0].mixed(main, 0.2);
        let text = main.towards(WHITE, |text| text.is_read_on(&DARK) && text.is_read_on(&[soft]));
        let main = main.towards(WHITE, |main| main.contrast(DARK[0]) >= SHAPE);
        let main = main.towards(BLACK, |main| main.contrast(WHITE) >= TEXT);
        let dark = Palette { text, soft, main, over: main.mixed(BLACK, 0.12) };
        format!(
            ":root {{ {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
        )
    }
}

/// Colours of one scheme.
struct Palette {
    text: Colour,
    soft: Colour,
    main: Colour,
    over: Colour,
}

impl fmt::Display for Palette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, soft, main, over } = self;
        write!(f, "--accent: {text}; --accent-soft: {soft}; --main: {main}; --main-over: {over};")
    }
}

impl Colour {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let mut colour = [0; 3];
        hex::decode_to_slice(digits, &mut colour).ok()?;
        Some(Self(colour))
    }

    /// Relative luminance, from 0 for black to 1 for white.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast with another colour, from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn is_read_on(self, grounds: &[Self]) -> bool {
        grounds.iter().all(|ground| self.contrast(*ground) >= TEXT)
    }

    /// Mixes in a `share` of another colour, from 0 to 1.
    fn mixed(self, other: Self, share: f64) -> Self {
        let mut mixed = self.0;
        for (channel, other) in mixed.iter_mut().zip(other.0) {
            let value = f64::from(*channel).mul_add(1.0 - share, f64::from(other) * share);
            *channel = rounded(value);
        }
        Self(mixed)
    }

    /// Mixes in as little of `end` as `fits` asks for.
    fn towards(self, end: Self, fits: impl Fn(Self) -> bool) -> Self {
        let steps = (0..=100).map(|step| self.mixed(end, f64::from(step) / 100.0));
        steps.into_iter().find(|colour| fits(*colour)).unwrap_or(end)
    }
}

/// Rounds a channel's value, which mixing keeps between 0 and 255.
fn rounded(value: f64) -> u8 {
    (0..=u8::MAX).find(|channel| f64::from(*channel) + 0.5 > value).unwrap_or(u8::MAX)
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Colours of a palette by their variables, light or dark.
    fn colours(style: &str, scheme: usize) -> impl Fn(&str) -> Colour {
        let part = style.lines().nth(scheme).unwrap().to_owned();
        move |variable| {
            let (_, rest) = part.split_once(&format!("{variable}: ")).unwrap();
            Colour::parse(&rest[..7]).unwrap()
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
        let grey = Colour::parse("#767676").unwrap();
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_pale_colour_is_refused_and_a_darker_one_named() {
        let why = "#f5a623".parse::<Accent>().unwrap_err();
        assert!(why.starts_with("#f5a623 has a contrast of 2.0 to white"), "{why}");
        let (_, instead) = why.split_once(": ").unwrap();
        assert!(instead[..7].parse::<Accent>().is_ok(), "{why}");
        for wrong in ["4450cf", "#4450c", "#4450cg", "red", "", "#4450cf;}"] {
            let why = wrong.parse::<Accent>().unwrap_err();
            assert!(why.contains("is not a colour"), "{why}");
        }
    }

    #[test]
    fn what_is_derived_can_be_read_by_day_and_by_night() {
        for hue in ["#4450cf", "#0b6b4f", "#b00020", "#000000", "#767676", "#001133", "#7a3e00"] {
            let style = hue.parse::<Accent>().unwrap().style();
            for (scheme, grounds) in [LIGHT, DARK].into_iter().enumerate() {
                let colour = colours(&style, scheme);
                let text = colour("--accent");
                assert!(text.is_read_on(&grounds), "{hue}: {style}");
                assert!(text.is_read_on(&[colour("--accent-soft")]), "{hue}: {style}");
                for button in ["--main", "--main-over"] {
                    assert!(WHITE.is_read_on(&[colour(button)]), "{hue}: {style}");
                }
                let shape = colour("--main").contrast(grounds[0]);
                assert!(shape >= SHAPE, "{hue}: {shape}");
            }
        }
    }
}
