//! What identity promises, from the outside.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod documentation;
mod forgery;
mod guests;
mod keys;
mod limits;
mod registration;
mod services;
mod sessions;
mod settings;
mod support;
