//! catalog.
pub mod product;
pub mod search;
pub mod seed;
mod announce;
