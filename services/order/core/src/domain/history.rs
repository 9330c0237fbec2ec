//! How a history of events becomes the present.

use serde::Serialize;
use serde::de::DeserializeOwned;
use shop_kernel::{CartId, OrderId};
use uuid::Uuid;

/// Something whose present is the fold of its history.
pub trait Aggregate: Clone + Serialize + DeserializeOwned {
    /// What happens to it.
    type Event: Event;

    /// The form of its snapshots. Raise it whenever the serialised state changes: snapshots of
    /// another form are passed over and the history is read whole.
    const SNAPSHOT_SCHEMA: u32;

    /// The present after one more event; `None` before the first.
    ///
    /// # Errors
    /// When this event cannot follow that past.
    fn evolve(past: Option<Self>, event: &Self::Event) -> Result<Self, CorruptHistory>;

    /// Rebuilds the present, oldest event first; `None` for an empty history.
    ///
    /// # Errors
    /// When the history contradicts itself.
    fn replay<'a>(
        history: impl IntoIterator<Item = &'a Self::Event>,
    ) -> Result<Option<Self>, CorruptHistory>
    where
        Self::Event: 'a,
    {
        Self::replay_on(None, history)
    }

    /// Rebuilds the present from a state in between and what happened after it.
    ///
    /// # Errors
    /// When the history contradicts itself.
    fn replay_on<'a>(
        past: Option<Self>,
        history: impl IntoIterator<Item = &'a Self::Event>,
    ) -> Result<Option<Self>, CorruptHistory>
    where
        Self::Event: 'a,
    {
        history.into_iter().try_fold(past, |state, event| Self::evolve(state, event).map(Some))
    }
}

/// Something that happened, in a form that can be kept for ever.
pub trait Event: Clone + Serialize + DeserializeOwned {
    /// The name of what happened, as stored.
    fn kind(&self) -> &'static str;

    /// The form in which events of this kind are written today.
    fn schema(kind: &str) -> u32;

    /// Lifts the data of an event from the form `schema` to the next one.
    ///
    /// # Errors
    /// When there never was such a form, or the data does not have it.
    fn upcast(
        kind: &str,
        schema: u32,
        data: serde_json::Value,
    ) -> Result<serde_json::Value, CorruptHistory>;
}

/// Names one history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StreamId {
    /// The history of a cart.
    Cart(CartId),
    /// The history of an order.
    Order(OrderId),
}

impl StreamId {
    /// The bare UUID; no two streams of any kind share one.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Cart(id) => id.uuid(),
            Self::Order(id) => id.uuid(),
        }
    }

    /// What the history is of: `cart` or `order`.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Cart(_) => "cart",
            Self::Order(_) => "order",
        }
    }
}

/// A history that cannot have happened; a bug or a damaged store, never a refusal.
#[derive(Debug, thiserror::Error)]
pub enum CorruptHistory {
    /// An event came before the first or the first came twice.
    #[error("the event {0} cannot stand at this place of a history")]
    OutOfPlace(&'static str),
    /// Nothing has ever been written in this form.
    #[error("there is no event {kind} in form {schema}")]
    UnknownForm {
        /// The stored name of the event.
        kind: String,
        /// The stored form.
        schema: u32,
    },
    /// The data lacks something its form must have.
    #[error("the event {kind} cannot be read")]
    Unreadable {
        /// The stored name of the event.
        kind: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// A snapshot does not have the form it claims.
    #[error("a snapshot cannot be read")]
    UnreadableSnapshot(#[source] serde_json::Error),
    /// The versions of a stream are not 1, 2, 3 …
    #[error("expected version {expected}, found {found}")]
    Gap {
        /// The version that had to come.
        expected: u64,
        /// The version that came.
        found: u64,
    },
}
