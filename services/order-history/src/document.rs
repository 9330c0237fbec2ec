//! The document of one order, which is its own inbox.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use shop_kernel::OrderId;
use uuid::Uuid;

use crate::fact::Fact;
use crate::view::OrderView;

/// Every fact known about one order, keyed by the id of the message it came in.
///
/// Facts are only ever added and never replaced, so the document is the set of them: neither the
/// order of arrival nor a repetition can be seen in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    order: OrderId,
    facts: BTreeMap<Uuid, Fact>,
}

impl Document {
    /// A document that knows nothing yet.
    #[must_use]
    pub const fn new(order: OrderId) -> Self {
        Self {
            order,
            facts: BTreeMap::new(),
        }
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

    /// Takes a fact in. Tells whether it was new.
    pub fn add(&mut self, fact: Fact) -> bool {
        let is_new = fact.order == self.order && !self.facts.contains_key(&fact.id);
        if is_new {
            self.facts.insert(fact.id, fact);
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

    /// What is shown of the order; nothing while `order.placed` has not arrived.
    #[must_use]
    pub fn view(&self) -> Option<OrderView> {
        OrderView::of(self.order, self.facts())
    }
}

/// The facts of a document as stores keep them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredFacts(pub Vec<Fact>);

impl From<&Document> for StoredFacts {
    fn from(document: &Document) -> Self {
        Self(document.facts().cloned().collect())
    }
}
