//! How a fact came into a document: what operators and owners see under the hood.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_with::{DisplayFromStr, serde_as};
use uuid::Uuid;

use crate::fact::Fact;

/// The note that a message was taken in.
#[serde_as]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The message.
    #[serde_as(as = "DisplayFromStr")]
    pub message: Uuid,
    /// The queue it came from, or the rebuild that read it in a feed.
    pub consumer: String,
    /// Which attempt took it in, from 1.
    pub attempt: u32,
    /// When that attempt received it.
    pub received_at: DateTime<Utc>,
    /// When it was about to be written.
    pub committed_at: DateTime<Utc>,
}

/// A fact and how it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The fact.
    pub fact: Fact,
    /// How it came.
    pub receipt: Receipt,
}

impl Heard {
    /// A fact that came from `consumer` at its first attempt, and is written at once.
    #[must_use]
    pub fn from(consumer: &str, fact: Fact, now: DateTime<Utc>) -> Self {
        let receipt = Receipt {
            message: fact.id,
            consumer: consumer.to_owned(),
            attempt: 1,
            received_at: now,
            committed_at: now,
        };
        Self { fact, receipt }
    }
}
