//! The C library's `pow`, so that a Lambda function starts without `libm.so`.
//!
//! The SDK can pace its retries along a cubic curve, for which it takes one power. No function has it
//! do so, but what could is in every one. With this crate that power is found in the binary itself;
//! without it the dynamic linker opens, maps and relocates a library, which is a tenth of a start.

/// `x` to the power of `y`.
#[expect(
    unsafe_code,
    reason = "it is to be found by its name; the name is the C library's, and so is what it does"
)]
#[unsafe(no_mangle)]
pub extern "C" fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_power_is_the_c_librarys() {
        for (x, y, power) in [
            (2.0, 10.0, 1024.0),
            (8.0, 1.0 / 3.0, 2.0),
            (2.0, 0.5, std::f64::consts::SQRT_2),
            (0.0, 0.0, 1.0),
            (10.0, -2.0, 0.01),
            (-2.0, 3.0, -8.0),
            (2.0, 1024.0, f64::INFINITY),
        ] {
            assert_eq!(super::pow(x, y).to_bits(), f64::to_bits(power), "{x} to the power of {y}");
        }
        assert!(super::pow(-8.0, 1.0 / 3.0).is_nan());
    }
}
