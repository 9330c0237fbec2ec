//! What is in `infra/`, checked without a cluster.

#[cfg(target_os = "linux")]
mod gateway;
