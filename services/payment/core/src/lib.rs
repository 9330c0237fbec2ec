#![doc = include_str!("../README.md")]

pub mod announce;
pub mod app;
pub mod domain;
pub mod ports;
