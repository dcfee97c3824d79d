//! Fuzzes the target `key_ring`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchhook_fuzz_targets::key_ring(data));
