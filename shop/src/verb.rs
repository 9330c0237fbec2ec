//! The smaller verbs, a module each.

pub mod demo;
pub mod front;
pub mod rebuild;
pub mod replay;
pub mod snapshot;
