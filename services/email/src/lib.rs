//! Mail to customers about their orders.

pub mod letter;
pub mod news;
