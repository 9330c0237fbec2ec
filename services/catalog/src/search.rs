//! Text search over the products, in memory: the same code whatever the store.
//!
//! SQLite's trigram index cannot find Korean words of two syllables, and PostgreSQL's differs from
//! it; a shop's range is small enough to keep its words here.

mod distance;
mod hangul;
mod index;
mod text;

pub use index::{Document, Field, Index};

#[cfg(test)]
mod tests;
