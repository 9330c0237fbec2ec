//! The rows of the store, and the statements that must be right under concurrency.

pub mod adjustment;
pub mod category;
pub mod idempotency;
pub mod product;
pub mod reservation;
pub mod reservation_line;
pub mod stock;
