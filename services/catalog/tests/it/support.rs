//! The stores, the service and the messages these tests play with.

mod order;
mod shop;
mod stage;

pub(crate) use order::{AdasOrder, ada, received};
pub(crate) use shop::{Shop, answer};
pub(crate) use stage::{Stage, product};

use std::time::Duration;

/// Long beside anything waited for, short beside a day.
pub(crate) const BOUND: Duration = Duration::from_secs(30);
