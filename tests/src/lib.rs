#![doc = include_str!("../README.md")]

pub mod attempt;
pub mod books;
pub mod client;
pub mod demo;
pub mod intent;
pub mod load;
pub mod referee;
pub mod shelf;
pub mod shopper;
