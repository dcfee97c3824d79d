//! The sealed vault and its key ring, from outside.

mod at_rest;
mod contract;
mod ring_file;
mod support;
