//! Events and snapshots as a store keeps them, and the way there and back.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::history::{Aggregate, CorruptHistory, Event};

/// An event ready to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The name of what happened; also the tag inside the data.
    pub kind: String,
    /// The form the data is in.
    pub schema: u32,
    /// What happened, as JSON.
    pub data: Value,
}

impl StoredEvent {
    /// Puts an event into its present form.
    ///
    /// # Errors
    /// When it has no JSON form; one made of maps, numbers and texts always has.
    pub fn encode<E: Event>(event: &E) -> Result<Self, serde_json::Error> {
        let kind = event.kind();
        Ok(Self {
            kind: kind.to_owned(),
            schema: E::schema(kind),
            data: serde_json::to_value(event)?,
        })
    }

    /// Reads an event of any form, lifting old ones step by step.
    ///
    /// # Errors
    /// When it is in no form that was ever written.
    pub fn decode<E: Event>(&self) -> Result<E, CorruptHistory> {
        let present = E::schema(&self.kind);
        if self.schema > present {
            return Err(self.unknown_form());
        }
        let data = (self.schema..present)
            .try_fold(self.data.clone(), |data, schema| E::upcast(&self.kind, schema, data))?;
        serde_json::from_value(data)
            .map_err(|source| CorruptHistory::Unreadable { kind: self.kind.clone(), source })
    }

    fn unknown_form(&self) -> CorruptHistory {
        CorruptHistory::UnknownForm { kind: self.kind.clone(), schema: self.schema }
    }
}

/// An event at its place in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its position, from 1.
    pub version: u64,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// The message it followed from; absent where a person or the clock caused it.
    pub cause: Option<uuid::Uuid>,
    /// The trace it was recorded in, as a `traceparent` header.
    pub traceparent: Option<String>,
    /// The event.
    pub event: StoredEvent,
}

/// The state of an aggregate at a version, kept to spare the reading of what came before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The last event it includes.
    pub version: u64,
    /// The form of the state.
    pub schema: u32,
    /// The state, as JSON.
    pub state: Value,
}

impl Snapshot {
    /// Takes a snapshot.
    ///
    /// # Errors
    /// When the state has no JSON form; one made of maps, numbers and texts always has.
    pub fn take<A: Aggregate>(state: &A, version: u64) -> Result<Self, serde_json::Error> {
        Ok(Self { version, schema: A::SNAPSHOT_SCHEMA, state: serde_json::to_value(state)? })
    }
}

/// What a store has of one stream: a snapshot or none, and every event after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Where to begin.
    pub snapshot: Option<Snapshot>,
    /// What happened since, oldest first.
    pub events: Vec<Recorded>,
}

/// An aggregate and the version of its stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present<A> {
    /// The state; `None` when nothing ever happened.
    pub state: Option<A>,
    /// The last event it includes; 0 when nothing ever happened.
    pub version: u64,
}

impl<A> Present<A> {
    /// Nothing has happened yet.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { state: None, version: 0 }
    }
}

impl Stored {
    /// Rebuilds the aggregate.
    ///
    /// # Errors
    /// When an event cannot be read, one is missing, or the history contradicts itself.
    pub fn rebuild<A: Aggregate>(&self) -> Result<Present<A>, CorruptHistory> {
        let start = match &self.snapshot {
            None => Present::nothing(),
            Some(snapshot) => Present {
                state: serde_json::from_value(snapshot.state.clone())
                    .map_err(CorruptHistory::UnreadableSnapshot)?,
                version: snapshot.version,
            },
        };
        self.events.iter().try_fold(start, |present: Present<A>, recorded| {
            let expected = present.version + 1;
            if recorded.version != expected {
                return Err(CorruptHistory::Gap { expected, found: recorded.version });
            }
            let state = A::evolve(present.state, &recorded.event.decode()?)?;
            Ok(Present { state: Some(state), version: expected })
        })
    }
}
