#![doc = include_str!("../README.md")]

pub mod arrows;
pub mod cluster;
pub mod object;
pub mod promql;
pub mod settings;
pub mod watched;
pub mod yaml;
