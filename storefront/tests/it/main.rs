//! The shell and its fragments, each served by itself.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

mod composing;
mod fragment;
mod support;
