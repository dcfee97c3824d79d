//! The conventions of this repository, held as ordinary tests.
//!
//! What the compiler or clippy can hold is left to them. Here is the rest: who may depend on whom
//! (`graph`), that no file imports itself through others (`circles`, by the `imports` of each), how
//! the code is laid out (`source`), that no manifest names what nothing uses (`dependencies`), how doc comments are worded (`prose`), what the papers promise
//! (`papers`), that what they quote from the code is still there (`facts`), and that every sentence of the
//! pages stands where an operator can change it (`words`). A test that fails
//! names the file and says what to do.

#[cfg(test)]
mod checkout;
#[cfg(test)]
mod circles;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod graph;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod papers;
#[cfg(test)]
mod prose;
#[cfg(test)]
mod source;
#[cfg(test)]
mod words;
