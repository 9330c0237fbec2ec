//! What the messaging crate promises, on both brokers and both stores.

mod broker_contract;
mod consumer;
mod due_work;
mod inbox;
mod outbox;
mod support;
