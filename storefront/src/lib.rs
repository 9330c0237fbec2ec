#![doc = include_str!("../README.md")]

mod application;
mod behind;
mod config;
mod fragment;
pub mod front;
pub mod manifest;
pub mod site;

pub use application::{Application, SERVICE};
pub use config::Config;
