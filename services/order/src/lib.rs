//! Carts and orders.
pub mod outbound;
