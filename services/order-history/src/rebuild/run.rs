//! One run of a rebuild: the feeds to their end, a wait, the rest, the switch.

use std::time::Duration;

use chassis::peer::PeerError;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::rebuilder::Rebuilder;
use super::{FeedProgress, Phase};
use crate::SERVICE;
use crate::receipt::Heard;
use crate::store::{Generation, StoreError};

/// Between two tries of a feed or a store that is away.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// What receipts of a rebuild name instead of a queue.
const CONSUMER: &str = "order-history.rebuild";

/// Why a rebuild ended without its generation serving.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("another rebuild took its place")]
    Replaced,
    #[error("the process was told to stop")]
    Stopped,
    #[error("a feed could not be read")]
    Feed(#[from] PeerError),
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl Failure {
    const fn may_pass(&self) -> bool {
        match self {
            Self::Feed(PeerError::Unavailable { .. }) => true,
            Self::Store(error) => error.is_unavailable(),
            Self::Replaced | Self::Stopped | Self::Feed(_) => false,
        }
    }
}

/// A rebuild on its way.
pub(super) struct Run<'r> {
    rebuilder: &'r Rebuilder,
    id: Uuid,
    generation: Generation,
    phase: Phase,
    feeds: Vec<FeedProgress>,
}

/// What a run does next.
#[derive(Debug, Clone, Copy)]
enum Task {
    ReadOn(usize),
    SayWeGoOn,
    Switch,
}

impl<'r> Run<'r> {
    pub(super) fn new(rebuilder: &'r Rebuilder, id: Uuid, generation: Generation) -> Self {
        let feeds = rebuilder.feeds.unread();
        Self { rebuilder, id, generation, phase: Phase::Reading, feeds }
    }

    pub(super) async fn fill_and_switch(mut self) -> Result<(), Failure> {
        self.read_to_the_ends().await?;
        // What was published just before we began may be numbered only now. From a relay that
        // died in between it is published again, and comes live.
        self.phase = Phase::Settling;
        let config = self.rebuilder.config;
        let settled = Instant::now() + config.settle;
        while Instant::now() < settled {
            self.patiently(Task::SayWeGoOn).await?;
            sleep((config.lease / 4).min(config.settle)).await;
        }
        self.read_to_the_ends().await?;
        self.patiently(Task::Switch).await
    }

    async fn read_to_the_ends(&mut self) -> Result<(), Failure> {
        for index in 0..self.feeds.len() {
            loop {
                self.patiently(Task::ReadOn(index)).await?;
                if self.feeds.get(index).is_none_or(|feed| feed.is_end) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Does it, and does it again for a while as long as someone is away.
    async fn patiently(&mut self, task: Task) -> Result<(), Failure> {
        let gives_up = Instant::now() + self.rebuilder.config.patience;
        loop {
            let failure = match self.attempt(task).await {
                Ok(()) => return Ok(()),
                Err(failure) if failure.may_pass() && Instant::now() < gives_up => failure,
                Err(failure) => return Err(failure),
            };
            tracing::warn!(error = &failure as &dyn std::error::Error, ?task, "tried again");
            sleep(TRY_AGAIN).await;
            match self.say_we_go_on().await {
                Err(failure) if !failure.may_pass() => return Err(failure),
                _ => {}
            }
        }
    }

    async fn attempt(&mut self, task: Task) -> Result<(), Failure> {
        match task {
            Task::ReadOn(index) => self.read_on(index).await,
            Task::SayWeGoOn => self.say_we_go_on().await,
            Task::Switch => self.rebuilder.step(|read, now| read.switch(self.id, now)).await,
        }
    }

    async fn read_on(&mut self, index: usize) -> Result<(), Failure> {
        let Some(feed) = self.feeds.get_mut(index) else { return Ok(()) };
        let stretch = self.rebuilder.feeds.read_on(feed).await?;
        let facts = stretch.facts.len() as u64;
        let now = self.rebuilder.clock.now();
        let heard = stretch.facts.into_iter().map(|fact| Heard::from(CONSUMER, fact, now));
        let heard: Vec<_> = heard.collect();
        self.rebuilder.projector.fill(self.generation, &heard).await?;
        *feed = stretch.progress;
        metrics::counter!("order_history_rebuild_facts_total", "service" => SERVICE.name)
            .increment(facts);
        self.say_we_go_on().await
    }

    async fn say_we_go_on(&self) -> Result<(), Failure> {
        let (id, phase, feeds) = (self.id, self.phase, &self.feeds);
        self.rebuilder.step(|read, now| read.renew(id, phase, feeds, now)).await
    }
}
