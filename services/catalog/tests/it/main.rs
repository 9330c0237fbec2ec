//! The service from outside: its tables, its handler, its messages and its HTTP API.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod audit;
mod authorization;
mod browse;
mod concurrency;
mod constraints;
mod contracts;
mod interruptions;
mod messages;
mod operate;
mod orders;
mod seed;
mod support;
