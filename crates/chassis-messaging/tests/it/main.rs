//! What the messaging crate promises, on both brokers and both stores.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

mod amqp;
mod broker_contract;
mod consumer;
mod due_work;
mod idempotent;
mod inbox;
mod outbox;
mod support;
