#![doc = include_str!("../README.md")]

pub mod document;
pub mod fact;
pub mod project;
pub mod rebuild;
pub mod store;
pub mod view;
