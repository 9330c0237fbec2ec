#![doc = include_str!("../README.md")]

pub mod announce;
pub mod domain;
