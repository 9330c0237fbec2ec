//! Filling a fresh generation from the producers' feeds, and switching to it.

mod feeds;
mod rebuilder;
mod record;
mod run;

pub use feeds::{Feeds, PRODUCERS};
pub use rebuilder::{BeginError, Rebuilder};
pub use record::{FeedProgress, Phase, Rebuild, RebuildRuns};
