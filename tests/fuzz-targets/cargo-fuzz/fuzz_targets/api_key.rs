//! Fuzzes the target `api_key`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchhook_fuzz_targets::api_key(data));
