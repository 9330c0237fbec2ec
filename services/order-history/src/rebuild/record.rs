//! What the store remembers of a rebuild, and the steps it may take. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_with::{DisplayFromStr, serde_as};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::store::{Generation, Generations};

/// A rebuild, running or ended.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rebuild {
    /// Names it: only the process that began it goes on with it.
    #[serde_as(as = "DisplayFromStr")]
    #[schema(value_type = Uuid)]
    pub id: Uuid,
    /// The generation it fills.
    #[schema(value_type = u32)]
    pub generation: Generation,
    /// How far it is.
    pub phase: Phase,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When its process last said that it goes on.
    pub renewed_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// How far each feed is read.
    pub feeds: Vec<FeedProgress>,
    /// Why it failed.
    pub failure: Option<String>,
}

/// How far a rebuild is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// Reads the feeds.
    Reading,
    /// Has read them, and waits for what was being published meanwhile.
    Settling,
    /// Its generation serves.
    Done,
    /// Its generation was thrown away.
    Failed,
}

/// How far the feed of one producer is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedProgress {
    /// Whose feed.
    pub producer: String,
    /// The number of the last message read.
    pub after: i64,
    /// How many of the messages were facts of an order.
    pub facts: u64,
    /// How many could not be read; live, they are dead letters.
    pub unreadable: u64,
    /// Whether there was nothing more.
    pub is_end: bool,
}

/// A rebuild runs already.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a rebuild has been running since {since}")]
pub struct RebuildRuns {
    /// Since when.
    pub since: DateTime<Utc>,
}

impl Rebuild {
    fn begun(id: Uuid, generation: Generation, now: DateTime<Utc>) -> Self {
        Self {
            id,
            generation,
            phase: Phase::Reading,
            started_at: now,
            renewed_at: now,
            finished_at: None,
            feeds: Vec::new(),
            failure: None,
        }
    }

    fn ended(self, phase: Phase, now: DateTime<Utc>, failure: Option<String>) -> Self {
        Self { phase, renewed_at: now, finished_at: Some(now), failure, ..self }
    }
}

impl Generations {
    /// The same with a rebuild begun that fills a generation nobody used before.
    ///
    /// # Errors
    /// When one runs whose process said so within `lease`; another is given up for it.
    pub fn begin(
        &self,
        id: Uuid,
        now: DateTime<Utc>,
        lease: TimeDelta,
    ) -> Result<Self, RebuildRuns> {
        if let Some(running) = self.running()
            && now - running.renewed_at < lease
        {
            return Err(RebuildRuns { since: running.started_at });
        }
        let filling = self.newest.next();
        Ok(Self {
            filling: Some(filling),
            newest: filling,
            rebuild: Some(Rebuild::begun(id, filling, now)),
            ..self.clone()
        })
    }

    /// The same with the progress of rebuild `id` noted; none when another took its place.
    #[must_use]
    pub fn renew(
        &self,
        id: Uuid,
        phase: Phase,
        feeds: &[FeedProgress],
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let running = self.running().filter(|running| running.id == id)?.clone();
        let rebuild = Rebuild { phase, feeds: feeds.to_vec(), renewed_at: now, ..running };
        Some(Self { rebuild: Some(rebuild), ..self.clone() })
    }

    /// The same with the generation of rebuild `id` serving; none when another took its place.
    #[must_use]
    pub fn switch(&self, id: Uuid, now: DateTime<Utc>) -> Option<Self> {
        let running = self.running().filter(|running| running.id == id)?.clone();
        Some(Self {
            current: running.generation,
            filling: None,
            rebuild: Some(running.ended(Phase::Done, now, None)),
            ..self.clone()
        })
    }

    /// The same with rebuild `id` given up; none when another took its place.
    #[must_use]
    pub fn give_up(&self, id: Uuid, now: DateTime<Utc>, failure: &str) -> Option<Self> {
        let running = self.running().filter(|running| running.id == id)?.clone();
        Some(Self {
            filling: None,
            rebuild: Some(running.ended(Phase::Failed, now, Some(failure.to_owned()))),
            ..self.clone()
        })
    }

    /// The rebuild that runs, or whose process died without a word.
    #[must_use]
    pub fn running(&self) -> Option<&Rebuild> {
        self.rebuild.as_ref().filter(|_| self.filling.is_some())
    }
}
