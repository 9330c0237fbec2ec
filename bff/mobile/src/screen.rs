//! What screens show, made of what the services answered.

pub(crate) mod card;
pub(crate) mod cart;
pub(crate) mod checkout;
mod gaps;
pub(crate) mod home;
pub(crate) mod order;
pub(crate) mod order_list;
pub(crate) mod product;

pub(crate) use gaps::Gaps;
