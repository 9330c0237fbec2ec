//! The producers' feeds, as a rebuild reads them.

use chassis::peer::{Peer, PeerError};
use chassis_messaging::feed::FeedPage;
use shop_contracts::routing::HISTORY_FACTS;

use super::FeedProgress;
use crate::fact::Fact;

/// The most a feed gives at once; fewer requests, and a page is still written in a moment.
const PAGE: u32 = 500;
/// Whose facts documents are made of. Orders first: they open the documents.
pub const PRODUCERS: [&str; 3] = ["order", "payment", "catalog"];

/// The feeds of all producers.
#[derive(Debug, Clone)]
pub struct Feeds(Vec<Peer>);

/// A stretch of a feed, read.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) facts: Vec<Fact>,
    pub(super) progress: FeedProgress,
}

impl Feeds {
    /// The feeds of these peers, read in this order.
    #[must_use]
    pub const fn new(peers: Vec<Peer>) -> Self {
        Self(peers)
    }

    /// How far they are read when nothing is.
    pub(super) fn unread(&self) -> Vec<FeedProgress> {
        let unread = |peer: &Peer| FeedProgress {
            producer: peer.name().to_owned(),
            after: 0,
            facts: 0,
            unreadable: 0,
            is_end: false,
        };
        self.0.iter().map(unread).collect()
    }

    /// Reads on where `progress` ended.
    pub(super) async fn read_on(&self, progress: &FeedProgress) -> Result<Stretch, PeerError> {
        let Some(peer) = self.0.iter().find(|peer| peer.name() == progress.producer) else {
            let progress = FeedProgress { is_end: true, ..progress.clone() };
            return Ok(Stretch { facts: Vec::new(), progress });
        };
        let path = format!("/feed?after={}&limit={PAGE}", progress.after);
        let page: FeedPage = peer.get_json(&path).await?;
        Ok(stretch(page, progress))
    }
}

fn stretch(page: FeedPage, before: &FeedProgress) -> Stretch {
    let mut progress =
        FeedProgress { after: page.next_after, is_end: page.is_end, ..before.clone() };
    let mut facts = Vec::with_capacity(page.items.len());
    let about_orders =
        page.items.iter().filter(|item| HISTORY_FACTS.types.contains(&item.message.kind.as_str()));
    for item in about_orders {
        match Fact::read(&item.message) {
            Ok(fact) => {
                progress.facts += 1;
                facts.push(fact);
            }
            Err(error) => {
                // Live it is a dead letter and in no document: a rebuild must come out the same.
                tracing::warn!(%error, message.id = %item.message.id, "left out of the rebuild");
                progress.unreadable += 1;
            }
        }
    }
    Stretch { facts, progress }
}
