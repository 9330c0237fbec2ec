//! The rows of the store, and what they mean.

pub(super) mod credit_account;
pub(super) mod payment;
pub(super) mod payment_method;
pub(super) mod payment_method_key;
mod record;

pub(super) use record::{CorruptRow, record, row};
