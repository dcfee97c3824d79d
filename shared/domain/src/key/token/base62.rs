//! Base62: numbers in the digits `0-9A-Za-z`, most significant digit first.

use zeroize::Zeroizing;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Returns the last `N` digits of `number`, padded with zeros.
pub(super) fn digits<const N: usize>(mut number: u32) -> [u8; N] {
    let mut digits = [DIGITS[0]; N];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    digits
}

/// Appends the last `N` digits of the 256-bit number whose big-endian bytes are `entropy`.
pub(super) fn push_random<const N: usize>(text: &mut String, entropy: [u8; 32]) {
    let mut number = Zeroizing::new(entropy);
    let mut digits = Zeroizing::new([DIGITS[0]; N]);
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::from(divide_by_62(&mut number))];
    }
    text.extend(digits.iter().copied().map(char::from));
}

/// Divides the big-endian `number` in place, by hand, and returns the remainder.
fn divide_by_62(number: &mut [u8; 32]) -> u16 {
    let mut remainder = 0_u16;
    for byte in number {
        let partial = remainder << 8 | u16::from(*byte);
        // `remainder` is below 62, so the quotient is below 256 and fits into its low byte.
        [*byte, _] = (partial / 62).to_le_bytes();
        remainder = partial % 62;
    }
    remainder
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(digits: &[u8]) -> u128 {
        digits.iter().fold(0, |number, digit| {
            let value = DIGITS.iter().position(|known| known == digit).unwrap();
            number * 62 + value as u128
        })
    }

    #[test]
    fn small_numbers_are_padded_with_zeros() {
        assert_eq!(&digits::<6>(0), b"000000");
        assert_eq!(&digits::<6>(61), b"00000z");
        assert_eq!(&digits::<6>(62), b"000010");
        assert_eq!(&digits::<6>(u32::MAX), b"4gfFC3");
    }

    proptest! {
        #[test]
        fn digits_represent_the_number(number: u32) {
            prop_assert_eq!(read(&digits::<6>(number)), u128::from(number));
        }

        /// 62²¹ is the greatest power of 62 that fits into a `u128`.
        #[test]
        fn random_digits_are_the_entropy_modulo_a_power_of_62(number: u128) {
            let mut entropy = [0; 32];
            entropy[16..].copy_from_slice(&number.to_be_bytes());
            let mut text = String::new();
            push_random::<21>(&mut text, entropy);
            prop_assert_eq!(read(text.as_bytes()), number % 62_u128.pow(21));
        }

        #[test]
        fn the_high_bits_are_used(number: u128) {
            let mut entropy = [0; 32];
            entropy[..16].copy_from_slice(&number.to_be_bytes());
            let mut text = String::new();
            push_random::<21>(&mut text, entropy);
            let power = 62_u128.pow(21);
            let mut expected = number % power;
            for _ in 0..128 {
                expected = expected * 2 % power;
            }
            prop_assert_eq!(read(text.as_bytes()), expected);
        }
    }
}
