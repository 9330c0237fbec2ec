#![doc = include_str!("../README.md")]

pub mod announce;
mod application;
pub mod catalog;
pub mod checkpoint;
mod config;
mod figures;
mod http;
mod migration;
mod orders;
pub mod product;
pub mod rows;
pub mod search;
pub mod seed;
pub mod shelf;

pub use application::Application;
pub use config::{Config, SeedConfig};
pub use migration::migrations;
pub use orders::Orders;

/// What this service says about itself.
pub const SERVICE: chassis::Service = chassis::Service {
    name: "catalog",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "Products, prices and stock.",
    defaults: include_str!("../config/default.toml"),
    routes: http::routes,
};
