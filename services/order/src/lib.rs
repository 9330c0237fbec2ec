#![doc = include_str!("../README.md")]

mod application;
mod config;
mod inbound;
pub mod outbound;

pub use application::Application;
pub use config::Config;
pub use inbound::http::SERVICE;
