//! What the order service promises, through its store, its HTTP API and the broker.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod access;
mod broker_away;
mod carts;
mod contracts;
mod fixtures;
mod idempotency;
mod neighbours;
mod ops;
mod placing;
mod price_list;
mod reading;
mod reorder;
mod saga;
mod store_contract;
mod support;
mod watchdog;
