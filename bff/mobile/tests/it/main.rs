//! The mobile BFF as a phone meets it, with stand-ins for the services behind it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod breakers;
mod browse;
mod cart;
mod checkout;
mod conditional;
mod documentation;
mod fixtures;
mod orders;
mod outages;
mod real;
mod real_shop;
mod sessions;
mod stub;
mod support;
