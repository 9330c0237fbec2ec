//! What the order service knows, without what it runs on.
//!
//! Read [`domain::order`] and [`domain::cart`] first: they decide. Then [`app`], which loads,
//! decides and records, and [`ports`], which says what a store must do for it. No framework, no
//! driver and no runtime is among the dependencies, and the build keeps it so.

pub mod app;
pub mod domain;
pub mod ports;

#[cfg(test)]
mod fixtures;
