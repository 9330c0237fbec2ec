#![doc = include_str!("../README.md")]

mod database;
mod offered;
mod wait;

pub use database::{TestDb, databases};
pub use offered::{amqp_url, mongodb_url, postgres_url, prefix};
pub use wait::{Met, eventually};
