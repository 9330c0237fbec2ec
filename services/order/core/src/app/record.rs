//! From decided events to the change that is written.

use chrono::{DateTime, Utc};

use super::announce::announce;
use crate::domain::cart::Cart;
use crate::domain::cart_event::CartEvent;
use crate::domain::history::{Aggregate, StreamId};
use crate::domain::order::{Order, Status};
use crate::domain::order_event::OrderEvent;
use crate::domain::stored::{Present, Snapshot, StoredEvent};
use crate::ports::{Append, Cause, Change, Entry, Received, Standing, StoreError};

impl Change {
    /// A change in which nothing has happened yet.
    pub(super) const fn new(at: DateTime<Utc>, cause: Cause) -> Self {
        Self { appends: Vec::new(), messages: Vec::new(), reply: None, received: None, at, cause }
    }

    /// Notes that this handles a message.
    pub(super) fn receiving(self, received: Received) -> Self {
        Self { received: Some(received), ..self }
    }

    /// Adds what happened to an order, and what others are told of it.
    pub(super) fn with_order(
        mut self,
        past: &Present<Order>,
        events: &[OrderEvent],
        snapshot_every: u64,
    ) -> Result<(Self, Order), StoreError> {
        let order = after(past, events)?;
        for (version, event) in (past.version + 1..).zip(events) {
            self.messages.extend(announce(&order, version, event, &self.cause)?);
        }
        let entry = match (past.state.is_some(), order.status()) {
            (false, _) => Entry::OrderPlaced {
                customer: order.customer(),
                total: order.total(),
                expires_at: order.placed().expires_at,
            },
            (true, Status::Provisional) => Entry::Same,
            (true, decided) => Entry::OrderDecided(Standing::from(decided)),
        };
        let stream = StreamId::Order(order.id());
        self.appends.push(append(stream, past, events, &order, entry, snapshot_every)?);
        Ok((self, order))
    }

    /// Adds what happened to a cart.
    pub(super) fn with_cart(
        mut self,
        past: &Present<Cart>,
        events: &[CartEvent],
        snapshot_every: u64,
    ) -> Result<(Self, Cart), StoreError> {
        let cart = after(past, events)?;
        let entry = match (past.state.is_some(), cart.end()) {
            (false, _) => Entry::CartOpened(cart.owner()),
            (true, None) => Entry::Same,
            (true, Some(_)) => Entry::CartEnded(cart.owner()),
        };
        let stream = StreamId::Cart(cart.id());
        self.appends.push(append(stream, past, events, &cart, entry, snapshot_every)?);
        Ok((self, cart))
    }
}

impl From<Status> for Standing {
    fn from(status: Status) -> Self {
        match status {
            Status::Provisional => Self::Provisional,
            Status::Confirmed { .. } => Self::Confirmed,
            Status::Cancelled { reason, .. } => Self::Cancelled(reason),
        }
    }
}

fn after<A: Aggregate>(past: &Present<A>, events: &[A::Event]) -> Result<A, StoreError> {
    use crate::domain::history::CorruptHistory;
    let state = A::replay_on(past.state.clone(), events)?;
    Ok(state.ok_or(CorruptHistory::OutOfPlace("nothing"))?)
}

fn append<A: Aggregate>(
    stream: StreamId,
    past: &Present<A>,
    events: &[A::Event],
    state: &A,
    entry: Entry,
    snapshot_every: u64,
) -> Result<Append, StoreError> {
    let version = past.version + events.len() as u64;
    let every = snapshot_every.max(1);
    let is_due = version / every > past.version / every;
    Ok(Append {
        stream,
        expected: past.version,
        events: events.iter().map(StoredEvent::encode).collect::<Result<_, _>>()?,
        snapshot: is_due.then(|| Snapshot::take(state, version)).transpose()?,
        entry,
    })
}
