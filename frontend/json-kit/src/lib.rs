#![doc = include_str!("../README.md")]

// The derive's name for this crate, in its own tests.
#[cfg(test)]
extern crate self as json_kit;

mod parse;
mod read;
mod value;
mod write;

pub use json_kit_derive::FromJson;
pub use read::{FromJson, Reader, Wrong, read};
pub use value::Json;
pub use write::ToJson;
