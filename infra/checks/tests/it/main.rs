//! What is in `infra/`, checked without a cluster.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

mod agreement;
mod compose;
#[cfg(target_os = "linux")]
mod gateway;
mod kubernetes;
mod observability;
mod pipeline;
