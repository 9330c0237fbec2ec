//! What the service stands on: its store.

pub mod migration;
pub mod store;
