//! The rules: pure, synchronous, and free of clocks and stores.

pub mod cart;
pub mod cart_event;
pub mod history;
pub mod lines;
pub mod order;
pub mod order_event;
pub mod stored;
mod upcast;
