//! The read model, from outside.

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
