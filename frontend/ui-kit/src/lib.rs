#![doc = include_str!("../README.md")]

pub mod contract;
pub mod event;
pub mod graphql;
pub mod i18n;
pub mod live;
pub mod money;
pub mod query;
pub mod remote;
pub mod time;
pub mod view;

pub use contract::Scene;
pub use graphql::{Answer, Failure};
pub use i18n::{Locale, Say, Texts};
pub use money::{Currency, Money};
pub use remote::Remote;
