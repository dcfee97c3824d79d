//! Every life keeps every promise.

use crate::seeds::{self, Failure};

#[test]
fn every_life_keeps_every_promise() {
    let seeds = seeds::wanted();
    match seeds::live(seeds.clone(), None) {
        Ok(lived) => {
            println!("seeds {seeds:?}: {lived:?}");
            let few = seeds.end - seeds.start < 20;
            assert!(few || lived.is_enough(), "too little was tried: {lived:?}");
        }
        Err(Failure { seed, why }) => {
            panic!("seed {seed}: {why}\nrepeat it with LATCHHOOK_SEEDS={seed} tests/run soak")
        }
    }
}
