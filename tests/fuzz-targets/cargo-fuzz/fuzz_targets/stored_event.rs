//! Fuzzes the target `stored_event`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchhook_fuzz_targets::stored_event(data));
