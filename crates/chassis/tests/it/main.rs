//! The chassis as a service sees it: over HTTP, with a store, and with peers that come and go.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod fake_identity;
mod forgeries;
mod guarded;
mod health;
mod keys;
mod limits;
mod operations;
mod peer;
mod problems;
mod requests;
mod roles;
mod support;
mod tasks;
