//! What is in `infra/`, checked without a cluster.

