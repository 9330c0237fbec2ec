//! The read model, from outside.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that finds something else than it expects has failed"
)]

mod access;
mod figures;
mod fold;
mod generations;
mod golden;
mod live;
mod orders;
mod outage;
mod peers;
mod place;
mod readme;
mod rebuilds;
mod store_contract;
mod story;
mod support;
