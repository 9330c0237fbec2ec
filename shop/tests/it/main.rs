//! The demo as its visitors use it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod neighbours;
mod web;
