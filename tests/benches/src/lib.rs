//! What the parts cost. The programs are in `benches/`; `cargo bench -p latchhook-benches` runs all.
