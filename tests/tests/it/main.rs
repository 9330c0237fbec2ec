//! The whole shop as processes on real servers: what must hold whatever happens to any of them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may panic")]

mod audit_log;
mod browser;
mod collector;
mod crowd;
mod demo;
mod faults;
mod figures;
mod forged;
mod isolation;
mod logs;
mod messages;
mod raw_queue;
mod security;
mod stage;
mod steady;
mod steps;
mod surface;
mod traces;
mod verb;
