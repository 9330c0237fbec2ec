//! The catalog and its handler on one store, without HTTP and broker.

use std::sync::Arc;

use catalog::catalog::{Adjust, AuditCursor, AuditItem, Catalog, StockCount};
use catalog::rows::{adjustment, reservation, stock};
use catalog::seed::Range;
use catalog::shelf::Shelf;
use catalog::{Orders, migrations};
use chassis_messaging::{
    HandleError, Handler as _, Idempotent, Outcome, Received, Wake, inbox, outbox,
};
use sea_orm::{DatabaseConnection, EntityTrait as _};
use shop_contracts::RawEnvelope;
use shop_kernel::{OrderId, ProductId, SystemClock};
use testkit::TestDb;
use uuid::Uuid;

use super::received;

/// One store with the built-in range on it, and the handler of orders.
pub(crate) struct Stage {
    pub(crate) db: DatabaseConnection,
    pub(crate) catalog: Catalog,
    pub(crate) orders: Arc<Idempotent<Orders>>,
    _store: TestDb,
}

/// The id of a product of the built-in range.
pub(crate) fn product(slug: &str) -> ProductId {
    let range = Range::built_in().unwrap();
    range.products.iter().find(|product| product.details().slug == slug).unwrap().id
}

impl Stage {
    /// One on SQLite, and one on PostgreSQL when this run offers it.
    pub(crate) async fn all() -> Vec<Self> {
        let mut stages = Vec::new();
        for store in testkit::databases().await {
            stages.push(Self::on(store).await);
        }
        stages
    }

    pub(crate) async fn on(store: TestDb) -> Self {
        let db = store.open(migrations).await;
        let clock = Arc::new(SystemClock);
        let catalog = Catalog::new(db.clone(), clock, Arc::new(Shelf::default()), Wake::default());
        catalog.plant(&Range::built_in().unwrap()).await.unwrap();
        let orders = Arc::new(Orders::over(catalog.clone()));
        Self { db, catalog, orders, _store: store }
    }

    /// Lets exactly so many of a product be available.
    pub(crate) async fn stock_up(&self, product: ProductId, count: i64) {
        let delta = count - self.stock(product).await.available;
        if delta != 0 {
            let request = Adjust { delta, reason: "for a test".to_owned() };
            let key = Uuid::now_v7().to_string();
            self.catalog.adjust(product, &request, "test", &key).await.unwrap();
        }
    }

    pub(crate) async fn stock(&self, product: ProductId) -> StockCount {
        stock::Entity::find_by_id(product.uuid()).one(&self.db).await.unwrap().unwrap().into()
    }

    /// Handles a message once.
    pub(crate) async fn handle(&self, envelope: RawEnvelope) -> Result<Outcome, HandleError> {
        self.orders.handle(&received(envelope)).await
    }

    /// Handles a message as the consumer does: again while the store is too busy.
    pub(crate) async fn handle_for_sure(
        orders: &Idempotent<Orders>,
        message: &Received,
    ) -> Outcome {
        loop {
            match orders.handle(message).await {
                Ok(outcome) => return outcome,
                Err(HandleError::Unavailable(_)) => {}
                Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error)),
            }
        }
    }

    /// What was said about an order, in the order in which it was said.
    pub(crate) async fn said(&self, order: OrderId) -> Vec<RawEnvelope> {
        let rows = outbox::Entity::find().all(&self.db).await.unwrap();
        let mut said: Vec<RawEnvelope> = rows
            .into_iter()
            .map(RawEnvelope::from)
            .filter(|message| message.subject == order.to_string())
            .collect();
        said.sort_by_key(|message| message.version);
        said
    }

    /// The types of what was said about an order.
    pub(crate) async fn kinds(&self, order: OrderId) -> Vec<String> {
        self.said(order).await.into_iter().map(|message| message.kind).collect()
    }

    pub(crate) async fn state(&self, order: OrderId) -> Option<reservation::State> {
        let row = reservation::Entity::find_by_id(order.uuid()).one(&self.db).await.unwrap();
        row.map(|row| row.state)
    }

    /// How often messages of an order were taken in.
    pub(crate) async fn taken_in(&self, order: OrderId) -> usize {
        inbox::of_order(&self.db, order, None).await.unwrap().len()
    }

    pub(crate) async fn adjustments(&self, product: ProductId) -> Vec<adjustment::Model> {
        let rows = adjustment::Entity::find().all(&self.db).await.unwrap();
        rows.into_iter().filter(|row| row.product_id == product.uuid()).collect()
    }

    /// Everything the audit is shown.
    pub(crate) async fn audited(&self) -> Vec<AuditItem> {
        let (mut items, mut next) = (Vec::new(), Some(AuditCursor::Products(None)));
        while let Some(from) = next {
            let page = self.catalog.audit(from, 100).await.unwrap();
            items.extend(page.items);
            next = page.next;
        }
        items
    }
}
