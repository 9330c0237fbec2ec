//! The rows of the tables.

pub(super) mod event;
pub(super) mod open_cart;
pub(super) mod order;
pub(super) mod price;
pub(super) mod price_list;
pub(super) mod reply;
pub(super) mod snapshot;
