//! The use cases over a store in memory.

mod carts;
mod placing;
mod replies;
mod support;
