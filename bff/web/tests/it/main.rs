//! The web BFF over HTTP, in front of services that say what a test wants them to say.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod abuse;
mod batching;
mod buying_again;
mod cancelling;
mod carts;
mod csrf;
mod degraded;
mod letters;
mod limits;
mod orders;
mod outages;
mod schema;
mod sessions;
mod support;
mod updates;
