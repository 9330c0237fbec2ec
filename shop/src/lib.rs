#![doc = include_str!("../README.md")]
#![expect(clippy::indexing_slicing, reason = "a key that a JSON value lacks is null, no panic")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

pub mod api;
pub mod audit;
pub mod customer;
pub mod demo;
pub mod home;
pub mod operator;
pub mod past;
pub mod tour;
pub mod verb;
