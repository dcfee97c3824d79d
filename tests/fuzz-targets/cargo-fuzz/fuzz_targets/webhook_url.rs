//! Fuzzes the target `webhook_url`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchhook_fuzz_targets::webhook_url(data));
