//! The document of one order, which is its own inbox.

use std::collections::BTreeMap;

use shop_kernel::OrderId;
use uuid::Uuid;

use crate::fact::Fact;
use crate::receipt::{Heard, Receipt};
use crate::view::OrderView;

/// Every fact known about one order, keyed by the id of the message it came in.
///
/// Facts are only ever added and never replaced, so the document is the set of them: neither the
/// order of arrival nor a repetition can be seen in it. Receipts tell how this copy came by its
/// facts; they are no part of what the document says, and two documents with the same facts are
/// equal.
#[derive(Debug, Clone)]
pub struct Document {
    order: OrderId,
    facts: BTreeMap<Uuid, Fact>,
    receipts: BTreeMap<Uuid, Receipt>,
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        (self.order, &self.facts) == (other.order, &other.facts)
    }
}

impl Eq for Document {}

impl Document {
    /// A document that knows nothing yet.
    #[must_use]
    pub const fn new(order: OrderId) -> Self {
        Self { order, facts: BTreeMap::new(), receipts: BTreeMap::new() }
    }

    /// The document that holds these facts; those of other orders are left out.
    #[must_use]
    pub fn of(order: OrderId, facts: impl IntoIterator<Item = Fact>) -> Self {
        let mut document = Self::new(order);
        for fact in facts {
            document.add(fact);
        }
        document
    }

    /// The same document with these receipts.
    #[must_use]
    pub fn with_receipts(self, receipts: impl IntoIterator<Item = Receipt>) -> Self {
        let receipts = receipts.into_iter().map(|receipt| (receipt.message, receipt)).collect();
        Self { receipts, ..self }
    }

    /// Takes a fact in. Tells whether it was new.
    pub fn add(&mut self, fact: Fact) -> bool {
        let is_new = fact.order == self.order && !self.facts.contains_key(&fact.id);
        if is_new {
            self.facts.insert(fact.id, fact);
        }
        is_new
    }

    /// Takes a fact in, and how it came if it is new.
    pub fn hear(&mut self, heard: &Heard) -> bool {
        let is_new = self.add(heard.fact.clone());
        if is_new {
            self.receipts.insert(heard.fact.id, heard.receipt.clone());
        }
        is_new
    }

    /// The order it is about.
    #[must_use]
    pub const fn order(&self) -> OrderId {
        self.order
    }

    /// Which state of the document this is: a store replaces only the revision that was read.
    ///
    /// The number of facts serves, since a set that only grows never has the same size twice.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.facts.len() as u64
    }

    /// The facts, in the order of their ids.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> + Clone {
        self.facts.values()
    }

    /// How the facts came, in the order of their ids.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.values()
    }

    /// The receipts with their facts, oldest first.
    #[must_use]
    pub fn inbox(&self) -> Vec<(&Fact, &Receipt)> {
        let both = |(id, receipt)| Some((self.facts.get(id)?, receipt));
        let mut inbox: Vec<_> = self.receipts.iter().filter_map(both).collect();
        inbox.sort_by_key(|(fact, receipt)| (receipt.received_at, fact.id));
        inbox
    }

    /// What is shown of the order; nothing while `order.placed` has not arrived.
    #[must_use]
    pub fn view(&self) -> Option<OrderView> {
        OrderView::of(self.order, self.facts())
    }
}
