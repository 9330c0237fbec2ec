//! Filling a fresh generation from the producers' feeds, and switching to it.

mod record;

pub use record::{FeedProgress, Phase, Rebuild, RebuildRuns};
