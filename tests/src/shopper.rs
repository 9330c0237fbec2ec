//! A customer with a client that never gives up: it sends the same again until it has an answer.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use shop_kernel::{CustomerId, OrderId};
use uuid::Uuid;

use crate::attempt::{Attempt, Cancelled};
use crate::client::{Answer, Call, Client, list, text};
use crate::intent::{Intent, Pay};
use crate::shelf::Shelf;

/// Longer than any outage that is not meant to be noticed.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// What nobody spends in a test, and the shop still takes for an amount.
const CREDIT_LIMIT: i64 = 1_000_000_000;

/// Somebody who is signed in and has every card there is.
#[derive(Debug, Clone)]
pub struct Shopper {
    client: Client,
    name: String,
    email: String,
    password: String,
    id: CustomerId,
    token: String,
    refresh_token: String,
    methods: BTreeMap<Pay, Value>,
}

/// A checkout that only has to be sent.
#[derive(Debug, Clone)]
pub struct Ready {
    intent: Intent,
    body: Value,
    key: String,
    n: usize,
}

impl Shopper {
    /// Registers somebody, signs them in and gives them every card and much store credit.
    ///
    /// # Errors
    /// When the shop refuses.
    pub async fn register(client: &Client, name: &str, operator: &str) -> Result<Self> {
        let email = format!("{name}-{}@example.org", Uuid::new_v4().simple());
        let password = Uuid::new_v4().to_string();
        let body = json!({ "email": email, "name": name, "password": password, "locale": "en" });
        client.insist(&Call::post("identity", "/customers").json(&body), PATIENCE).await?.ok()?;
        let body = json!({ "email": email, "password": password });
        let session = Call::post("identity", "/sessions").json(&body);
        let session = client.insist(&session, PATIENCE).await?.ok()?;

        let mut shopper = Self {
            client: client.clone(),
            name: name.to_owned(),
            email,
            password,
            id: text(&session, "/customer/id")?.parse()?,
            token: text(&session, "/access_token")?.to_owned(),
            refresh_token: text(&session, "/refresh_token")?.to_owned(),
            methods: BTreeMap::from([(Pay::Credit, json!("store-credit"))]),
        };
        for (pay, number) in Pay::CARDS {
            let method = shopper.store_card(number).await?;
            shopper.methods.insert(pay, json!({ "card": method }));
        }
        shopper.raise_credit(operator).await?;
        Ok(shopper)
    }

    /// Hands a card to the payment service and gives its id.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn store_card(&self, number: &str) -> Result<String> {
        let card = json!({
            "number": number, "expiry_month": 12, "expiry_year": 2034, "cvc": "987",
            "holder": self.name,
        });
        let key = Uuid::new_v4().to_string();
        let call = Call::post("payment", "/payment-methods").token(&self.token);
        let stored = self.client.insist(&call.key(&key).json(&card), PATIENCE).await?.ok()?;
        Ok(text(&stored, "/id")?.to_owned())
    }

    async fn raise_credit(&self, operator: &str) -> Result<()> {
        let body = json!({ "limit": { "minor": CREDIT_LIMIT, "currency": "USD" } });
        let call = Call::put("payment", format!("/ops/credit/{}", self.id)).token(operator);
        self.client.insist(&call.json(&body), PATIENCE).await?.ok()?;
        Ok(())
    }

    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> CustomerId {
        self.id
    }

    /// Their access token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What nobody else may learn, logs least of all.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        [&self.password, &self.token, &self.refresh_token].into_iter().map(String::as_str)
    }

    /// The payment method orders name.
    ///
    /// # Errors
    /// When there is none, which [`Self::register`] rules out.
    pub fn method(&self, pay: Pay) -> Result<&Value> {
        self.methods.get(&pay).with_context(|| format!("no method for {pay:?}"))
    }

    /// Fills the cart, checks out and, where that is the intent, cancels.
    ///
    /// # Errors
    /// When there was no answer within [`PATIENCE`], which leaves open what happened.
    pub async fn shop(&self, intent: Intent, shelf: &Shelf, n: usize) -> Result<Attempt> {
        let ready = self.get_ready(intent, shelf, n).await?;
        self.send(ready).await
    }

    /// Fills the cart, up to the button that orders.
    ///
    /// # Errors
    /// When there was no answer within [`PATIENCE`].
    pub async fn get_ready(&self, intent: Intent, shelf: &Shelf, n: usize) -> Result<Ready> {
        let body = self.checkout(intent, shelf, n).await?;
        Ok(Ready { intent, body, key: Uuid::new_v4().to_string(), n })
    }

    /// Presses the button, until there is an answer.
    ///
    /// # Errors
    /// When there was none within [`PATIENCE`], which leaves open what happened.
    pub async fn send(&self, ready: Ready) -> Result<Attempt> {
        let Ready { intent, body, key, n } = ready;
        let call = Call::post("order", "/orders").token(&self.token).key(&key).json(&body);
        if intent.hangs_up {
            // Before the answer, now and then before the request is through.
            let soon = Duration::from_millis((n % 12) as u64);
            let _ = tokio::time::timeout(soon, self.client.ask(&call)).await;
        }
        let placed = self.client.insist(&call, PATIENCE).await?;

        let outcome = match placed.status {
            202 => Ok(text(&placed.body, "/id")?.parse()?),
            status => Err(format!("{status} {}", placed.body)),
        };
        let cancelled = match (&outcome, intent.cancels) {
            (Ok(order), true) => Some(self.cancel(*order).await?),
            (Ok(_) | Err(_), _) => None,
        };
        let tries = placed.tries;
        Ok(Attempt { customer: self.id, key, intent, tries, outcome, cancelled })
    }

    /// Places an order and gives its id.
    ///
    /// # Errors
    /// When it is not accepted.
    pub async fn order(&self, intent: Intent, shelf: &Shelf) -> Result<OrderId> {
        let attempt = self.shop(intent, shelf, 0).await?;
        attempt.outcome.map_err(anyhow::Error::msg)
    }

    /// Fills the cart and gives the body that checks it out.
    ///
    /// # Errors
    /// When the cart is refused.
    pub async fn checkout(&self, intent: Intent, shelf: &Shelf, n: usize) -> Result<Value> {
        let plenty = shelf.plenty.get(n % shelf.plenty.len().max(1));
        let sold_out = shelf.sold_out.get(n % shelf.sold_out.len().max(1));
        let sold_out = sold_out.filter(|_| intent.sold_out);
        let mut cart = Value::Null;
        for product in plenty.into_iter().chain(sold_out) {
            let path = format!("/carts/current/lines/{product}");
            let body = json!({ "quantity": 1 + n % 3 });
            let call = Call::put("order", path).token(&self.token).json(&body);
            cart = self.client.insist(&call, PATIENCE).await?.ok()?;
        }
        Ok(json!({
            "cart": text(&cart, "/id")?,
            "cart_version": cart.get("version"),
            "currency": "USD",
            "prices": seen(&cart)?,
            "contact": {
                "name": self.name,
                "email": self.email,
                "address": {
                    "street": "12 St James's Square", "city": "London",
                    "postal_code": "SW1Y 4JH", "country": "GB",
                },
            },
            "locale": "en",
            "payment_method": self.method(intent.pay)?,
        }))
    }

    /// Cancels an order.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn cancel(&self, order: OrderId) -> Result<Cancelled> {
        let call = Call::post("order", format!("/orders/{order}/cancel")).token(&self.token);
        let Answer { status, body, tries, .. } = self.client.insist(&call, PATIENCE).await?;
        let reason = body.get("reason").and_then(Value::as_str).map(str::to_owned);
        Ok(Cancelled { status, tries, reason })
    }

    /// The order as the order service shows it.
    ///
    /// # Errors
    /// When it does not.
    pub async fn look(&self, order: OrderId) -> Result<Value> {
        let call = Call::get("order", format!("/orders/{order}")).token(&self.token);
        self.client.insist(&call, PATIENCE).await?.ok()
    }
}

/// The price of everything in a cart, as it was seen there.
fn seen(cart: &Value) -> Result<Vec<Value>> {
    let lines = list(cart, "/lines")?.iter();
    lines
        .map(|line| {
            let mut prices = list(line, "/unit_prices")?.iter();
            let price = prices.find(|price| price["currency"] == "USD");
            let price = price.with_context(|| format!("no price in {line}"))?;
            Ok(json!({ "product": text(line, "/product")?, "unit_price": price }))
        })
        .collect()
}
