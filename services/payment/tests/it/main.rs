//! The payment service through HTTP and the broker, with the sandbox provider beside it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod access;
mod audit;
mod contracts;
mod crash;
mod credit;
mod leases;
mod methods;
mod refunds;
mod saga;
mod secrets;
mod support;
mod traces;
