//! Reading the books: every page of every service's `/ops/audit`, and the producers' feeds.

use std::collections::BTreeMap;

use anyhow::Context as _;
use order_history::fact::Fact;
use order_history::view::OrderView;
use serde::Deserialize;
use serde_json::Value;
use shop_contracts::catalog::StockLine;
use shop_contracts::order::OrderPlaced;
use shop_contracts::{Message as _, RawEnvelope};
use shop_kernel::{Money, OrderId};

use super::books::{Books, DeadLetter, Entry, Order, Payment, Product, Reservation};
use crate::api::{Api, text};

/// Those whose facts make up an order's history.
const PRODUCERS: [&str; 3] = ["order", "payment", "catalog"];
/// Those with queues, and so with dead letters.
const CONSUMERS: [&str; 5] = ["order", "payment", "catalog", "email", "order-history"];

/// Reads everything.
///
/// # Errors
/// When a service does not answer, or answers something else than was agreed.
pub(super) async fn books(api: &Api, token: &str) -> anyhow::Result<Books> {
    let reader = Reader { api, token };
    let mut books = Books::default();
    let facts = reader.facts(&mut books).await?;
    reader.orders(&mut books, &facts.lines).await?;
    reader.money(&mut books).await?;
    reader.stock(&mut books).await?;
    reader.documents(&mut books).await?;
    reader.mails(&mut books).await?;
    reader.dead_letters(&mut books).await?;
    Ok(books)
}

struct Reader<'a> {
    api: &'a Api,
    token: &'a str,
}

/// What the feeds tell beside the folds.
#[derive(Default)]
struct Feeds {
    lines: BTreeMap<OrderId, Vec<StockLine>>,
}

#[derive(Deserialize)]
struct AuditedOrder {
    order: OrderId,
    status: String,
    total: Money,
    is_listed_right: bool,
}

impl Reader<'_> {
    async fn get(&self, service: &str, path: &str) -> anyhow::Result<Value> {
        self.api.get(service, path, Some(self.token)).await?.ok()
    }

    /// Every item of a paged list: `next` in an answer is what the parameter `after` takes next.
    async fn pages(&self, service: &str, path: &str) -> anyhow::Result<Vec<Value>> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let query = after.map(|after| format!("?after={after}")).unwrap_or_default();
            let mut page = self.get(service, &format!("{path}{query}")).await?;
            let Some(Value::Array(found)) = page.get_mut("items").map(Value::take) else {
                anyhow::bail!("{service} answers {path} without items");
            };
            all.extend(found);
            after = match &page["next"] {
                Value::String(next) => Some(next.clone()),
                _ => return Ok(all),
            };
        }
    }

    async fn orders(
        &self,
        books: &mut Books,
        lines: &BTreeMap<OrderId, Vec<StockLine>>,
    ) -> anyhow::Result<()> {
        let findings = self.get("order", "/ops/audit").await?;
        for broken in findings["broken_streams"].as_array().into_iter().flatten() {
            books.broken_streams.push(format!("broken stream: {broken}"));
        }
        for doubled in findings["doubled_keys"].as_array().into_iter().flatten() {
            books.doubled_keys.push(format!("doubled key: {doubled}"));
        }
        for item in self.pages("order", "/ops/audit/orders").await? {
            let AuditedOrder { order, status, total, is_listed_right } =
                serde_json::from_value(item)?;
            if !is_listed_right {
                let line = format!("{order} is listed otherwise than its events tell");
                books.broken_streams.push(line);
            }
            let lines = lines.get(&order).cloned().unwrap_or_default();
            books.orders.insert(order, Order { order, status, total, lines });
        }
        Ok(())
    }

    async fn money(&self, books: &mut Books) -> anyhow::Result<()> {
        for item in self.pages("payment", "/ops/audit").await? {
            let payment: Payment = serde_json::from_value(item)?;
            books.payments.insert(payment.order, payment);
        }
        let mut after = 0;
        loop {
            let page = self.get("provider", &format!("/v1/ledger?after={after}")).await?;
            for line in page["items"].as_array().into_iter().flatten() {
                books.ledger.extend(entry(line)?);
            }
            after = page["next_after"].as_u64().context("a ledger page without next_after")?;
            if page["is_end"] == true {
                return Ok(());
            }
        }
    }

    async fn stock(&self, books: &mut Books) -> anyhow::Result<()> {
        for item in self.pages("catalog", "/ops/audit").await? {
            if item["kind"] == "product" {
                let product: Product = serde_json::from_value(item)?;
                books.products.insert(product.product, product);
            } else {
                let reservation: Reservation = serde_json::from_value(item)?;
                books.reservations.insert(reservation.order, reservation);
            }
        }
        Ok(())
    }

    /// Folds the feeds with the same function the read model folds with: what differs then is
    /// what it was given.
    async fn facts(&self, books: &mut Books) -> anyhow::Result<Feeds> {
        let mut feeds = Feeds::default();
        let mut facts: BTreeMap<OrderId, BTreeMap<_, Fact>> = BTreeMap::new();
        for producer in PRODUCERS {
            let mut after = 0;
            loop {
                let page = self.get(producer, &format!("/feed?after={after}&limit=500")).await?;
                let page: chassis_messaging::feed::FeedPage = serde_json::from_value(page)?;
                after = page.next_after;
                for message in page.items.into_iter().map(|item| item.message) {
                    let Some(order) = message.correlation_id else { continue };
                    feeds.note(&message)?;
                    let fact = Fact::read(&message)?;
                    facts.entry(order).or_default().insert(fact.id, fact);
                }
                if page.is_end {
                    break;
                }
            }
        }
        for (order, facts) in facts {
            if let Some(view) = OrderView::of(order, facts.values()) {
                books.folded.insert(order, view.digest()?);
            }
        }
        Ok(feeds)
    }

    async fn documents(&self, books: &mut Books) -> anyhow::Result<()> {
        for item in self.pages("order-history", "/ops/audit").await? {
            let order: OrderId = text(&item, "/order")?.parse()?;
            if !item["view"].is_null() {
                books.documents.insert(order, text(&item, "/view/digest")?.to_owned());
            }
        }
        Ok(())
    }

    async fn mails(&self, books: &mut Books) -> anyhow::Result<()> {
        for mail in self.pages("email", "/ops/audit").await? {
            if mail["state"] != "skipped" {
                let order: OrderId = text(&mail, "/order")?.parse()?;
                let kind = text(&mail, "/kind")?.to_owned();
                *books.mails.entry((order, kind)).or_default() += 1;
            }
        }
        Ok(())
    }

    async fn dead_letters(&self, books: &mut Books) -> anyhow::Result<()> {
        for service in CONSUMERS {
            let backlog = self.get(service, "/ops/backlog").await?;
            for queue in backlog["queues"].as_array().into_iter().flatten() {
                let name = text(queue, "/name")?;
                let path = format!("/ops/dead-letters?queue={name}");
                let letters = self.get(service, &path).await?;
                for letter in letters["items"].as_array().into_iter().flatten() {
                    books.dead.push(DeadLetter {
                        queue: name.to_owned(),
                        message: text(letter, "/message_id")?.parse()?,
                        reason: text(letter, "/reason")?.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }
}

impl Feeds {
    fn note(&mut self, message: &RawEnvelope) -> anyhow::Result<()> {
        if message.kind == OrderPlaced::TYPE {
            let placed = message.decode::<OrderPlaced>()?.data;
            let lines = placed.lines.into_iter();
            let lines =
                lines.map(|line| StockLine { product: line.product, quantity: line.quantity });
            self.lines.insert(placed.order, lines.collect());
        }
        Ok(())
    }
}

/// What a line of the provider's ledger did to money; nothing where it did nothing.
fn entry(line: &Value) -> anyhow::Result<Option<Entry>> {
    let amount =
        || -> anyhow::Result<Money> { Ok(serde_json::from_value(line["amount"].clone())?) };
    Ok(match (line["kind"].as_str(), line["status"].as_str()) {
        (Some("charge"), Some("approved")) => {
            Some(Entry::Charged { key: text(line, "/key")?.to_owned(), amount: amount()? })
        }
        (Some("refund"), Some("refunded")) => {
            Some(Entry::Refunded { charge: text(line, "/charge")?.to_owned(), amount: amount()? })
        }
        _ => None,
    })
}
