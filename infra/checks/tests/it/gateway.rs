//! The gateway by requests: a real HAProxy with the real settings, in front of a shop that says what
//! it was asked. Each test has addresses of its own on the loopback, of which only Linux has more
//! than one without being asked.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod agreement;
mod client;
mod failures;
mod limits;
mod names;
mod requests;
mod rotation;
mod routing;
mod shop;
mod streams;
mod telemetry;
mod tls;
mod tokens;
mod upstream;
