//! A store for the tests of the use cases: a few vectors behind a lock.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use shop_kernel::{CartId, ProductId};

use crate::domain::cart_event::CartOwner;
use crate::domain::history::StreamId;
use crate::domain::stored::{Recorded, Snapshot, Stored};
use crate::ports::*;

#[derive(Debug, Default)]
pub(crate) struct Memory {
    kept: Mutex<Kept>,
    /// How many of the next appends lose against someone else.
    pub(crate) conflicts: Mutex<usize>,
}

#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) streams: BTreeMap<StreamId, Vec<Recorded>>,
    pub(crate) snapshots: HashMap<StreamId, Snapshot>,
    pub(crate) carts: HashMap<CartOwner, CartId>,
    pub(crate) replies: HashMap<(String, &'static str, String), Reply>,
    pub(crate) messages: Vec<shop_contracts::RawEnvelope>,
    pub(crate) received: HashSet<uuid::Uuid>,
    pub(crate) listed: Option<Vec<ListedProduct>>,
}

impl Memory {
    pub(crate) fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap()
    }
}

fn slot(key: &RequestKey) -> (String, &'static str, String) {
    (key.customer.to_string(), key.operation.name(), key.key.clone())
}

impl Kept {
    fn stored(&self, stream: StreamId) -> Stored {
        let snapshot = self.snapshots.get(&stream).cloned();
        let from = snapshot.as_ref().map_or(0, |snapshot| snapshot.version);
        let events = self.streams.get(&stream).into_iter().flatten();
        let events = events.filter(|event| event.version > from).cloned().collect();
        Stored { snapshot, events }
    }

    fn prices(&self, products: &[ProductId]) -> Prices {
        self.listed.as_ref().map_or(Prices::Loading, |listed| {
            let known = listed.iter().filter(|listed| products.contains(&listed.product));
            Prices::Listed(known.cloned().collect())
        })
    }

    fn version(&self, stream: StreamId) -> u64 {
        self.streams.get(&stream).map_or(0, |events| events.len() as u64)
    }

    fn write(&mut self, append: Append, at: DateTime<Utc>, cause: &Cause) {
        let events = self.streams.entry(append.stream).or_default();
        for (version, event) in (append.expected + 1..).zip(append.events) {
            let (cause, traceparent) = (cause.message, cause.traceparent.clone());
            events.push(Recorded { version, at, cause, traceparent, event });
        }
        self.snapshots.extend(append.snapshot.map(|snapshot| (append.stream, snapshot)));
        match (append.entry, append.stream) {
            (Entry::CartOpened(owner), StreamId::Cart(cart)) => {
                self.carts.insert(owner, cart);
            }
            (Entry::CartEnded(owner), _) => {
                self.carts.remove(&owner);
            }
            _ => {}
        }
    }
}

#[async_trait]
impl EventStore for Memory {
    async fn load(&self, stream: StreamId, _schema: u32) -> Result<Stored, StoreError> {
        Ok(self.kept().stored(stream))
    }

    async fn history(&self, stream: StreamId, until: Until) -> Result<Vec<Recorded>, StoreError> {
        let kept = self.kept();
        let events = kept.streams.get(&stream).into_iter().flatten();
        let events = events.filter(|event| match until {
            Until::Now => true,
            Until::Version(version) => event.version <= version,
            Until::Time(time) => event.at <= time,
        });
        Ok(events.cloned().collect())
    }

    async fn open_cart(&self, owner: CartOwner, _schema: u32) -> Result<Stored, StoreError> {
        let kept = self.kept();
        let cart = kept.carts.get(&owner);
        Ok(cart.map(|cart| kept.stored(StreamId::Cart(*cart))).unwrap_or_default())
    }

    async fn append(&self, change: Change) -> Result<Appended, StoreError> {
        let mut conflicts = self.conflicts.lock().unwrap();
        if *conflicts > 0 {
            *conflicts -= 1;
            return Err(StoreError::Conflict);
        }
        let mut kept = self.kept();
        if change.received.iter().any(|message| kept.received.contains(&message.envelope.id)) {
            return Ok(Appended::ReceivedBefore);
        }
        if change.appends.iter().any(|append| kept.version(append.stream) != append.expected) {
            return Err(StoreError::Conflict);
        }
        for append in change.appends {
            kept.write(append, change.at, &change.cause);
        }
        kept.messages.extend(change.messages);
        kept.received.extend(change.received.map(|message| message.envelope.id));
        kept.replies.extend(change.reply.map(|(key, reply)| (slot(&key), reply)));
        Ok(Appended::Written)
    }
}

#[async_trait]
impl CheckoutDesk for Memory {
    async fn look(
        &self,
        key: &RequestKey,
        cart: CartId,
        _schema: u32,
        products: &[ProductId],
    ) -> Result<Desk, StoreError> {
        let kept = self.kept();
        Ok(Desk {
            reply: kept.replies.get(&slot(key)).cloned(),
            cart: kept.stored(StreamId::Cart(cart)),
            prices: kept.prices(products),
        })
    }

    async fn reply(&self, key: &RequestKey) -> Result<Option<Reply>, StoreError> {
        Ok(self.kept().replies.get(&slot(key)).cloned())
    }
}

#[async_trait]
impl PriceList for Memory {
    async fn prices(&self, products: &[ProductId]) -> Result<Prices, StoreError> {
        Ok(self.kept().prices(products))
    }
}

#[async_trait]
impl OrderBook for Memory {
    async fn page(&self, _query: &PageQuery) -> Result<Vec<OrderSummary>, StoreError> {
        Ok(Vec::new())
    }

    async fn overdue(&self, _now: DateTime<Utc>, limit: u32) -> Result<Vec<Overdue>, StoreError> {
        let kept = self.kept();
        let orders = kept.streams.keys().filter_map(|stream| match stream {
            StreamId::Order(order) => Some(Overdue { order: *order, traceparent: None }),
            StreamId::Cart(_) => None,
        });
        Ok(orders.take(limit as usize).collect())
    }
}
