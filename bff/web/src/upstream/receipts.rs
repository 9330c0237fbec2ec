//! Every service's inbox: who took in which message of an order.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chassis::peer::Peer;
use chrono::{DateTime, Utc};
use futures::future::join_all;
use reqwest::Method;
use serde::Deserialize;
use shop_kernel::OrderId;
use uuid::Uuid;

use super::{Upstream, address};
use crate::failure::Failure;
use crate::loader::Fetch;
use crate::schema::order::Receipt;

/// What is known of who took in what.
#[derive(Debug, Default)]
pub(crate) struct Receipts {
    /// By the message's id, earliest first.
    pub(crate) of: HashMap<Uuid, Vec<Receipt>>,
    /// Services that could not be asked.
    pub(crate) silent: Vec<String>,
}

#[derive(Deserialize)]
struct Inbox {
    items: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    consumer: String,
    message_id: Uuid,
    attempt: i32,
    received_at: DateTime<Utc>,
    committed_at: DateTime<Utc>,
}

/// Asks every service for its inbox rows of an order.
pub(crate) struct InboxesOf {
    pub(crate) upstream: Arc<Upstream>,
    pub(crate) token: Option<String>,
}

#[async_trait]
impl Fetch for InboxesOf {
    type Key = OrderId;
    type Value = Arc<Receipts>;

    async fn fetch(&self, orders: &[OrderId]) -> Result<HashMap<OrderId, Arc<Receipts>>, Failure> {
        let all = orders.iter().map(|order| async move { (*order, self.of(*order).await) });
        let all = join_all(all).await;
        Ok(all.into_iter().map(|(order, receipts)| (order, Arc::new(receipts))).collect())
    }
}

impl InboxesOf {
    async fn of(&self, order: OrderId) -> Receipts {
        let Upstream { order: orders, payment, catalog, email, history, .. } = &*self.upstream;
        let witnesses: [&Peer; 5] = [orders, payment, catalog, email, history];
        let path = address("/inbox", &[("order", Some(order.to_string()))]);
        let asked = witnesses.map(|peer| {
            let token = self.token.clone().unwrap_or_default();
            let call = peer.call(Method::GET, &path).bearer(token);
            async move { (peer.name(), call.read::<Inbox>().await) }
        });
        let mut receipts = Receipts::default();
        for (service, answer) in join_all(asked).await {
            match answer {
                Ok(inbox) => receipts.note(service, inbox),
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, service, "an inbox could not be read");
                    receipts.silent.push(service.to_owned());
                }
            }
        }
        for rows in receipts.of.values_mut() {
            rows.sort_by_key(|receipt| receipt.committed_at);
        }
        receipts
    }
}

impl Receipts {
    fn note(&mut self, service: &str, inbox: Inbox) {
        for Row { consumer, message_id, attempt, received_at, committed_at } in inbox.items {
            self.of.entry(message_id).or_default().push(Receipt {
                service: service.to_owned(),
                consumer,
                attempt,
                received_at,
                committed_at,
            });
        }
    }
}
