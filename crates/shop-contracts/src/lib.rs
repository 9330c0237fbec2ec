#![doc = include_str!("../README.md")]

pub mod catalog;
mod envelope;
pub mod order;
pub mod payment;
pub mod routing;

pub use envelope::{DecodeError, Envelope, Message, RawEnvelope};
