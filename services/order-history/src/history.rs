//! What can be asked of the read model: always the generation that serves.

use std::sync::Arc;

use shop_kernel::OrderId;

use crate::document::Document;
use crate::store::{
    DaySales, Generation, HistoryStore, ListQuery, Period, ProductSales, StoreError,
};
use crate::view::OrderView;

/// Reads documents and shows them.
///
/// Which generation serves is looked up each time: another process may have switched, and the
/// old one is kept no longer than a request takes.
#[derive(Debug, Clone)]
pub(crate) struct History {
    store: Arc<dyn HistoryStore>,
}

impl History {
    /// Reads from this store.
    #[must_use]
    pub(crate) fn new(store: Arc<dyn HistoryStore>) -> Self {
        Self { store }
    }

    /// One order; none while its `order.placed` has not arrived.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn order(&self, order: OrderId) -> Result<Option<OrderView>, StoreError> {
        let found = self.document(order).await?;
        Ok(found.and_then(|document| document.view()))
    }

    /// The document of an order, shown or not.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn document(&self, order: OrderId) -> Result<Option<Document>, StoreError> {
        self.store.find(self.serving().await?, order).await
    }

    /// A page of a customer's orders, newest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Vec<OrderView>, StoreError> {
        let found = self.store.list(self.serving().await?, query).await?;
        Ok(found.iter().filter_map(Document::view).collect())
    }

    /// A page of all documents by order id.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn page(
        &self,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        self.store.page(self.serving().await?, after, limit).await
    }

    /// How many documents there are.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        self.store.count(self.serving().await?).await
    }

    /// What was sold on each day.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn sales_by_day(&self, period: Period) -> Result<Vec<DaySales>, StoreError> {
        self.store.sales_by_day(self.serving().await?, period).await
    }

    /// What was sold of each product.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn sales_by_product(
        &self,
        period: Period,
        limit: u32,
    ) -> Result<Vec<ProductSales>, StoreError> {
        self.store.sales_by_product(self.serving().await?, period, limit).await
    }

    async fn serving(&self) -> Result<Generation, StoreError> {
        Ok(self.store.generations().await?.current)
    }
}
