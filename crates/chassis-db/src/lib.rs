#![doc = include_str!("../README.md")]

mod error;
mod open;

pub use error::{is_conflict, is_unavailable, is_unique_violation};
pub use open::{OpenError, begin, is_postgres, is_up, open, open_migrated};
