//! What the services say they have: how orders ended, what was charged, which mails went out.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shop_contracts::RawEnvelope;
use shop_kernel::{CustomerId, OrderId};

use crate::client::{Call, Client, list};
use crate::intent::Ending;
use crate::shopper::PATIENCE;

/// The services with a feed.
pub const PRODUCERS: [&str; 3] = ["order", "payment", "catalog"];
/// The services with queues, an outbox or due work.
pub const BUSY: [&str; 5] = ["order", "payment", "catalog", "email", "order-history"];

/// The books a load is judged by.
#[derive(Debug, Default)]
pub struct Books {
    /// Orders, by the event store.
    pub orders: BTreeMap<OrderId, Order>,
    /// Payments.
    pub payments: BTreeMap<OrderId, Payment>,
    /// The state of each mail, by kind.
    pub mails: BTreeMap<OrderId, BTreeMap<String, String>>,
}

/// An order as its events tell it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Order {
    order: OrderId,
    /// Whose it is.
    pub customer: CustomerId,
    status: String,
    reason: Option<String>,
}

/// A payment, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Payment {
    order: OrderId,
    /// What was charged.
    pub charged: i64,
    /// What was given back.
    pub refunded: i64,
}

#[derive(Debug, Deserialize)]
struct Mail {
    order: OrderId,
    kind: String,
    state: String,
}

impl Order {
    /// How it ended; none while it has not.
    #[must_use]
    pub fn ending(&self) -> Option<Ending<'_>> {
        match (self.status.as_str(), &self.reason) {
            ("confirmed", None) => Some(Ending::Confirmed),
            ("cancelled", Some(reason)) => Some(Ending::Cancelled(reason)),
            _ => None,
        }
    }
}

impl Books {
    /// Reads them all.
    ///
    /// # Errors
    /// When a service does not answer, or answers something else.
    pub async fn read(client: &Client, operator: &str) -> Result<Self> {
        let mut books = Self::default();
        let read = Reader { client, operator };
        for order in read.all::<Order>("order", "/ops/audit/orders").await? {
            books.orders.insert(order.order, order);
        }
        for payment in read.all::<Payment>("payment", "/ops/audit").await? {
            books.payments.insert(payment.order, payment);
        }
        for mail in read.all::<Mail>("email", "/ops/audit").await? {
            books.mails.entry(mail.order).or_default().insert(mail.kind, mail.state);
        }
        Ok(books)
    }
}

/// Who reads lists that come in pages.
struct Reader<'a> {
    client: &'a Client,
    operator: &'a str,
}

impl Reader<'_> {
    async fn all<T: DeserializeOwned>(&self, service: &str, list_at: &str) -> Result<Vec<T>> {
        let (mut all, mut path) = (Vec::new(), list_at.to_owned());
        loop {
            let call = Call::get(service, &path).token(self.operator);
            let page = self.client.insist(&call, PATIENCE).await?.ok()?;
            for item in list(&page, "/items")? {
                all.push(serde_json::from_value(item.clone()).context("an item of an audit")?);
            }
            match page.get("next").and_then(Value::as_str) {
                Some(next) => path = format!("{list_at}?after={next}"),
                None => return Ok(all),
            }
        }
    }
}

/// Everything a service ever published, in order.
///
/// # Errors
/// When it does not answer.
pub async fn feed(client: &Client, operator: &str, service: &str) -> Result<Vec<RawEnvelope>> {
    let (mut messages, mut after) = (Vec::new(), 0);
    loop {
        let call = Call::get(service, format!("/feed?after={after}&limit=500")).token(operator);
        let page = client.insist(&call, PATIENCE).await?.ok()?;
        for item in list(&page, "/items")? {
            let message = item.get("message").context("an item of a feed without a message")?;
            messages.push(serde_json::from_value(message.clone())?);
        }
        after = page.get("next_after").and_then(Value::as_i64).context("no next_after")?;
        if page.get("is_end") == Some(&Value::Bool(true)) {
            return Ok(messages);
        }
    }
}

/// How often the mail server was handed each mail, by its Message-ID.
///
/// # Errors
/// When it does not answer.
pub async fn deliveries(client: &Client) -> Result<BTreeMap<String, usize>> {
    let inbox = client.insist(&Call::get("mail-sink", "/api/messages"), PATIENCE).await?.ok()?;
    let mut times = BTreeMap::new();
    for mail in inbox.as_array().context("no list of mails")? {
        *times.entry(crate::client::text(mail, "/message_id")?.to_owned()).or_default() += 1;
    }
    Ok(times)
}

/// Everything that waits for a person: dead letters, and parked work of any kind.
///
/// # Errors
/// When a service does not answer.
pub async fn human_steps(client: &Client, operator: &str) -> Result<Vec<String>> {
    let mut steps = Vec::new();
    for service in BUSY {
        let call = Call::get(service, "/ops/dead-letters").token(operator);
        for letter in list(&client.insist(&call, PATIENCE).await?.ok()?, "/items")? {
            steps.push(format!("dead letter of {service}: {letter}"));
        }
        let call = Call::get(service, "/ops/backlog").token(operator);
        let backlog = client.insist(&call, PATIENCE).await?.ok()?;
        match backlog.pointer("/due_work/parked").and_then(Value::as_u64) {
            Some(0) => {}
            parked => steps.push(format!("parked work of {service}: {parked:?}")),
        }
    }
    let call = Call::get("payment", "/ops/refunds/parked").token(operator);
    for refund in list(&client.insist(&call, PATIENCE).await?.ok()?, "/items")? {
        steps.push(format!("parked refund: {refund}"));
    }
    Ok(steps)
}
