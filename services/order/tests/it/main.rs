//! What the order service promises, through its store, its HTTP API and the broker.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

mod fixtures;
mod store_contract;
