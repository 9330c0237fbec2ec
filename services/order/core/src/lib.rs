#![doc = include_str!("../README.md")]

pub mod app;
pub mod domain;
pub mod ports;

#[cfg(test)]
mod fixtures;
