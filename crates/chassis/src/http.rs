//! The HTTP server every service runs, and what it does around each request.

mod document;
mod fallback;
mod observe;
pub mod request;
mod resident;
mod server;
mod standard;
mod valid;

pub use document::document;
pub use server::{BindError, Server};
pub use valid::Valid;
