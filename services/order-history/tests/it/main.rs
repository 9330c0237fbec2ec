//! The read model, from outside.

mod fold;
mod generations;
mod golden;
mod place;
mod store_contract;
mod story;
