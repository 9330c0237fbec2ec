//! A document as both stores keep it: its facts, and beside them what queries look for.

use serde::{Deserialize, Serialize};
use shop_kernel::{CustomerId, OrderId};

use super::{Cause, Sale, StoreError};
use crate::document::Document;
use crate::fact::Fact;
use crate::receipt::Receipt;
use crate::view::Status;

/// One stored document. Everything after the receipts follows from them and is never read back.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Stored {
    #[serde(rename = "_id")]
    pub(super) order: OrderId,
    pub(super) revision: i64,
    pub(super) facts: Vec<Fact>,
    pub(super) receipts: Vec<Receipt>,
    /// Absent while `order.placed` is missing, which keeps the document out of every list.
    pub(super) customer: Option<CustomerId>,
    pub(super) status: Option<Status>,
    pub(super) sale: Option<Sale>,
}

impl From<&Document> for Stored {
    fn from(document: &Document) -> Self {
        let view = document.view();
        Self {
            order: document.order(),
            revision: as_stored(document.revision()),
            facts: document.facts().cloned().collect(),
            receipts: document.receipts().cloned().collect(),
            customer: view.as_ref().map(|view| view.customer),
            status: view.as_ref().map(|view| view.status),
            sale: view.as_ref().and_then(Sale::of),
        }
    }
}

impl From<Stored> for Document {
    fn from(stored: Stored) -> Self {
        Self::of(stored.order, stored.facts).with_receipts(stored.receipts)
    }
}

/// A count in the signed form both stores have.
pub(super) fn as_stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn corrupt(cause: impl Into<Cause>) -> StoreError {
    StoreError::Corrupt(cause.into())
}
