//! Fuzzes the target `export_file`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| latchhook_fuzz_targets::export_file(data));
