//! What is in `infra/`, checked without a cluster.

mod agreement;
#[cfg(target_os = "linux")]
mod gateway;
mod kubernetes;
