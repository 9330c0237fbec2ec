#![doc = include_str!("../README.md")]

pub mod audit;
pub mod auth;
pub mod broker;
pub mod cli;
pub mod config;
pub mod feed;
pub mod health;
pub mod http;
pub mod inbox;
pub mod ops;
pub mod peer;
pub mod problem;
pub mod runtime;
mod service;
pub mod telemetry;

pub use chassis_messaging::trace;
pub use http::{Server, Valid};
pub use problem::Problem;
pub use runtime::{Phase, ShutdownHandle, TaskSet};
pub use service::{Process, Service};
