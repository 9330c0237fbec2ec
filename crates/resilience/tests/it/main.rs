//! The guard as its callers meet it: what is tried, how often, and what is refused at once.

mod breaking;
mod bulkhead;
mod retries;
mod support;
