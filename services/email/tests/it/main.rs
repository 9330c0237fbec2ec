//! What the email service promises, from the outside.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod api;
mod contracts;
mod documentation;
mod facts;
mod letters;
mod mails;
mod outages;
mod stops;
mod support;
