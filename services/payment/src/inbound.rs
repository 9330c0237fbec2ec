//! What makes this service act: requests, messages, and work that is due.

pub(crate) mod http;
pub(crate) mod orders;
pub(crate) mod work;
