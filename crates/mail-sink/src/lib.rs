//! An SMTP server that delivers nothing: it keeps what it is sent, to be looked at.
//!
//! The demo, `cargo shop up` and the tests point the email service at it.

mod header;
mod mailbox;
mod message;
mod session;
mod sink;
pub mod web;

pub use message::Message;
pub use sink::Sink;
