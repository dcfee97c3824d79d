//! Fuzzes the target `redaction`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchhook_fuzz_targets::redaction(data));
