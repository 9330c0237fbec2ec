//! Documents in MongoDB: one collection per generation, and one document that says which serves.

mod bulk;
mod error;
mod indexes;
mod sales;
mod watch;
mod write;

use std::future::IntoFuture;
use std::time::Duration;

use async_trait::async_trait;
use bson::{Document as Bson, doc};
use chassis::auth::JwkSet;
use futures::TryStreamExt as _;
use mongodb::options::{Acknowledgment, ClientOptions, ReadConcern, WriteConcern};
use mongodb::{Client, Collection, Database};
use shop_kernel::OrderId;
use tokio::sync::broadcast;

use super::stored::{Stored, as_stored, corrupt};
use super::{
    Change, DaySales, Generation, Generations, HistoryStore, ListQuery, OpenError, Period,
    ProductSales, StoreError,
};
use crate::document::Document;
use error::failed;
use indexes::indexes;
use write::{insert, replace};

/// The database when the URL names none.
const DATABASE: &str = "order_history";
/// Collections of documents are named `orders_<generation>`.
const DOCUMENTS: &str = "orders_";
const GENERATIONS: &str = "generations";
/// Where identity's keys are kept, and their one document.
const KEYS: &str = "keys";
/// The one document of [`GENERATIONS`].
const STATE: &str = "state";
/// A primary is elected anew within seconds; who waits longer is better told.
const SELECTION_TIMEOUT: Duration = Duration::from_secs(3);
/// Queries here take milliseconds; a server that was stopped mid-query would never answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);
/// A reader who falls this far behind reads everything anew; a few seconds of a busy shop.
const CHANGES_KEPT: usize = 4_096;

/// The store of a shop of many processes.
#[derive(Debug)]
pub struct MongoStore {
    db: Database,
    announce: broadcast::Sender<Change>,
}

impl MongoStore {
    /// Connects to the database the URL names and makes its indexes.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn open(url: &str, max_connections: u32) -> Result<Self, OpenError> {
        let store = Self::connect(url, max_connections)
            .await
            .map_err(|error| OpenError::Failed(error.into()))?;
        store.prepare_live().await.map_err(|error| OpenError::Failed(error.into()))?;
        Ok(store)
    }

    async fn connect(url: &str, max_connections: u32) -> mongodb::error::Result<Self> {
        let mut options = ClientOptions::parse(url).await?;
        options.app_name = Some("order-history".to_owned());
        options.max_pool_size = Some(max_connections);
        options.server_selection_timeout = Some(SELECTION_TIMEOUT);
        options.connect_timeout = Some(SELECTION_TIMEOUT);
        // An acknowledged fact must outlive the server that took it, and a document that is read
        // to be replaced must not be one a new primary rolls back.
        options.write_concern =
            Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
        options.read_concern = Some(ReadConcern::majority());
        let name = options.default_database.clone().unwrap_or_else(|| DATABASE.to_owned());
        let db = Client::with_options(options)?.database(&name);
        Ok(Self { db, announce: broadcast::Sender::new(CHANGES_KEPT) })
    }

    async fn prepare_live(&self) -> Result<(), StoreError> {
        for generation in self.generations().await?.live() {
            self.prepare(generation).await?;
        }
        Ok(())
    }

    fn documents(&self, generation: Generation) -> Collection<Stored> {
        self.db.collection(&format!("{DOCUMENTS}{generation}"))
    }

    fn state(&self) -> Collection<Generations> {
        self.db.collection(GENERATIONS)
    }

    fn keys(&self) -> Collection<Bson> {
        self.db.collection(KEYS)
    }

    fn announce(&self, change: Change) {
        // An error means that nobody listens.
        let _ = self.announce.send(change);
    }

    async fn sorted(
        &self,
        generation: Generation,
        filter: Bson,
        by: Bson,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let documents = self.documents(generation);
        let find = documents.find(filter).sort(by).limit(i64::from(limit));
        let found: Vec<Stored> = answer(async { find.await?.try_collect().await }).await?;
        Ok(found.into_iter().map(Document::from).collect())
    }
}

#[async_trait]
impl HistoryStore for MongoStore {
    async fn generations(&self) -> Result<Generations, StoreError> {
        let state = answer(self.state().find_one(doc! { "_id": STATE })).await?;
        Ok(state.unwrap_or(Generations::START))
    }

    async fn change_generations(&self, changed: &Generations) -> Result<(), StoreError> {
        let read = changed.revision;
        let changed = Generations { revision: read + 1, ..changed.clone() };
        let mut document = bson::serialize_to_document(&changed).map_err(corrupt)?;
        document.insert("_id", STATE);
        let state: Collection<Bson> = self.state().clone_with_type();
        if read == 0 {
            insert(&state, &document).await?;
        } else {
            replace(&state, doc! { "_id": STATE, "revision": as_stored(read) }, &document).await?;
        }
        self.announce(Change::Everything);
        Ok(())
    }

    async fn prepare(&self, generation: Generation) -> Result<(), StoreError> {
        answer(self.documents(generation).create_indexes(indexes())).await?;
        Ok(())
    }

    async fn discard(&self, generation: Generation) -> Result<(), StoreError> {
        answer(self.documents(generation).drop()).await
    }

    async fn stored_generations(&self) -> Result<Vec<Generation>, StoreError> {
        let names = answer(self.db.list_collection_names()).await?;
        let number = |name: &String| name.strip_prefix(DOCUMENTS)?.parse().ok();
        Ok(names.iter().filter_map(number).map(Generation::new).collect())
    }

    async fn find(
        &self,
        generation: Generation,
        order: OrderId,
    ) -> Result<Option<Document>, StoreError> {
        let filter = doc! { "_id": order.to_string() };
        let found = answer(self.documents(generation).find_one(filter)).await?;
        Ok(found.map(Document::from))
    }

    async fn find_all(
        &self,
        generation: Generation,
        orders: &[OrderId],
    ) -> Result<Vec<Document>, StoreError> {
        let ids: Vec<_> = orders.iter().map(ToString::to_string).collect();
        let documents = self.documents(generation);
        let find = documents.find(doc! { "_id": { "$in": ids } });
        let found: Vec<Stored> = answer(async { find.await?.try_collect().await }).await?;
        Ok(found.into_iter().map(Document::from).collect())
    }

    async fn save_all(
        &self,
        generation: Generation,
        documents: &[(Document, u64)],
    ) -> Result<(), StoreError> {
        let collection = format!("{DOCUMENTS}{generation}");
        bulk::replace(&self.db, &collection, documents).await?;
        for (document, _) in documents {
            self.announce(Change::Order(document.order()));
        }
        Ok(())
    }

    async fn list(
        &self,
        generation: Generation,
        query: &ListQuery,
    ) -> Result<Vec<Document>, StoreError> {
        let mut filter = doc! { "customer": query.customer.to_string() };
        if let Some(status) = query.status {
            filter.insert("status", status.name());
        }
        if let Some(before) = query.before {
            filter.insert("_id", doc! { "$lt": before.to_string() });
        }
        self.sorted(generation, filter, doc! { "_id": -1 }, query.limit).await
    }

    async fn page(
        &self,
        generation: Generation,
        after: Option<OrderId>,
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        let after = after.map(|order| order.to_string()).unwrap_or_default();
        let filter = doc! { "_id": { "$gt": after } };
        self.sorted(generation, filter, doc! { "_id": 1 }, limit).await
    }

    async fn count(&self, generation: Generation) -> Result<u64, StoreError> {
        answer(self.documents(generation).estimated_document_count()).await
    }

    async fn sales_by_day(
        &self,
        generation: Generation,
        period: Period,
    ) -> Result<Vec<DaySales>, StoreError> {
        sales::by_day(&self.documents(generation), period).await
    }

    async fn sales_by_product(
        &self,
        generation: Generation,
        period: Period,
        limit: u32,
    ) -> Result<Vec<ProductSales>, StoreError> {
        sales::by_product(&self.documents(generation), period, limit).await
    }

    async fn load_keys(&self) -> Result<JwkSet, StoreError> {
        let kept = answer(self.keys().find_one(doc! { "_id": KEYS })).await?;
        // Kept as text: a key set is JSON by definition, and its reader wants exactly that.
        let text = kept.and_then(|kept| kept.get_str("jwks").map(ToOwned::to_owned).ok());
        let none = JwkSet { keys: Vec::new() };
        text.map_or(Ok(none), |text| serde_json::from_str(&text).map_err(corrupt))
    }

    async fn save_keys(&self, keys: &JwkSet) -> Result<(), StoreError> {
        let text = serde_json::to_string(keys).map_err(corrupt)?;
        let kept = doc! { "_id": KEYS, "jwks": text };
        let keys = self.keys();
        answer(keys.replace_one(doc! { "_id": KEYS }, kept).upsert(true)).await?;
        Ok(())
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.announce.subscribe()
    }

    async fn watch(&self) {
        watch::follow_for_ever(&self.db, &self.announce).await;
    }

    async fn close(&self) {
        // Without waiting for streams and cursors: nobody reads them any more.
        self.db.client().clone().shutdown().immediate(true).await;
    }

    async fn is_up(&self) -> bool {
        answer(self.db.run_command(doc! { "ping": 1 })).await.is_ok()
    }
}

fn conflict_unless(written: bool) -> Result<(), StoreError> {
    if written { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Waits for the server, but not for ever.
async fn answer<T>(
    asked: impl IntoFuture<Output = mongodb::error::Result<T>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER_TIMEOUT, asked.into_future()).await {
        Ok(answer) => answer.map_err(failed),
        Err(late) => Err(StoreError::Unavailable(late.into())),
    }
}
