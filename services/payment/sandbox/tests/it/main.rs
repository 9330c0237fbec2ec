//! The sandbox provider through HTTP, as the shop, an operator and a stranger see it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod access;
mod cards;
mod ledger;
mod money;
mod support;
mod switches;
