//! A customer of a running shop: what a person does, over the services' own APIs.

use anyhow::{Context as _, bail};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shop_kernel::{Currency, OrderId};
use uuid::Uuid;

use crate::api::{Answer, Api, text};

/// How a customer pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pay {
    /// With a card of this number.
    Card(&'static str),
    /// With store credit.
    StoreCredit,
}

/// Approves.
pub const GOOD: Pay = Pay::Card("4242 4242 4242 4242");
/// Is declined.
pub const DECLINED: Pay = Pay::Card("4000 0000 0000 0002");
/// Has too little on it.
pub const INSUFFICIENT: Pay = Pay::Card("4000 0000 0000 9995");
/// Takes seconds.
pub const SLOW: Pay = Pay::Card("4000 0000 0000 6975");
/// Approves, and takes no money back.
pub const NO_REFUND: Pay = Pay::Card("4000 0000 0000 5126");

/// A means of payment the payment service knows, as orders name it.
#[derive(Debug, Clone, PartialEq)]
pub struct PaidBy(Value);

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Customer<'a> {
    api: &'a Api,
    token: String,
    name: String,
    email: String,
    locale: &'static str,
}

impl<'a> Customer<'a> {
    /// Registers somebody new and signs them in.
    ///
    /// # Errors
    /// When identity refuses.
    pub async fn register(api: &'a Api, name: &str) -> anyhow::Result<Self> {
        let email = format!("{}-{}@example.org", name.to_lowercase(), Uuid::new_v4().simple());
        let password = Uuid::new_v4().to_string();
        let body = json!({ "email": email, "name": name, "password": password, "locale": "en" });
        api.send(Method::POST, "identity", "/customers", None, &body).await?.ok()?;
        Self::sign_in(api, name, &email, &password, "en").await
    }

    /// Signs somebody in.
    ///
    /// # Errors
    /// When identity refuses.
    pub async fn sign_in(
        api: &'a Api,
        name: &str,
        email: &str,
        password: &str,
        locale: &'static str,
    ) -> anyhow::Result<Self> {
        let body = json!({ "email": email, "password": password });
        let session = api.send(Method::POST, "identity", "/sessions", None, &body).await?.ok()?;
        let token = text(&session, "/access_token")?.to_owned();
        Ok(Self { api, token, name: name.to_owned(), email: email.to_owned(), locale })
    }

    /// Their access token.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    async fn get(&self, service: &str, path: &str) -> anyhow::Result<Answer> {
        self.api.get(service, path, Some(&self.token)).await
    }

    async fn post(&self, service: &str, path: &str, body: &Value) -> anyhow::Result<Answer> {
        self.api.send(Method::POST, service, path, Some(&self.token), body).await
    }

    /// Hands a card to the payment service; what it gives back is what an order names.
    ///
    /// # Errors
    /// When it refuses the card, or the provider behind it is down.
    pub async fn method(&self, pay: Pay) -> anyhow::Result<PaidBy> {
        let Pay::Card(number) = pay else { return Ok(PaidBy(json!("store-credit"))) };
        let card = json!({
            "number": number, "expiry_month": 12, "expiry_year": 2034, "cvc": "123",
            "holder": self.name,
        });
        let stored = self.post("payment", "/payment-methods", &card).await?.ok()?;
        Ok(PaidBy(json!({ "card": text(&stored, "/id")? })))
    }

    /// How much store credit they have in a currency, in minor units.
    ///
    /// # Errors
    /// When payment does not answer.
    pub async fn credit_limit(&self, currency: Currency) -> anyhow::Result<i64> {
        let credit = self.get("payment", "/credit").await?.ok()?;
        let accounts = credit["items"].as_array().context("store credit without accounts")?;
        let account = accounts.iter().find(|it| it["limit"]["currency"] == currency.code());
        Ok(account.and_then(|account| account["limit"]["minor"].as_i64()).unwrap_or_default())
    }

    /// Puts products into the cart and checks out; the order is accepted when this returns.
    ///
    /// # Errors
    /// When anything on the way is refused; the error shows what.
    pub async fn buy(
        &self,
        products: &[(&str, u32)],
        paid_by: &PaidBy,
        currency: Currency,
    ) -> anyhow::Result<OrderId> {
        let mut cart = Value::Null;
        for (product, quantity) in products {
            let path = format!("/carts/current/lines/{product}");
            let body = json!({ "quantity": quantity });
            let set = self.api.send(Method::PUT, "order", &path, Some(&self.token), &body).await?;
            cart = set.ok()?;
        }
        let body = json!({
            "cart": text(&cart, "/id")?,
            "cart_version": cart["version"],
            "currency": currency,
            "prices": seen(&cart, currency)?,
            "contact": self.contact(),
            "locale": self.locale,
            "payment_method": paid_by.0,
        });
        let placed = self.post("order", "/orders", &body).await?;
        if placed.status != StatusCode::ACCEPTED {
            placed.ok()?;
            bail!("an order was answered with something else than 202");
        }
        placed.text("/id")?.parse().context("the order has an id of another kind")
    }

    fn contact(&self) -> Value {
        json!({
            "name": self.name,
            "email": self.email,
            "address": {
                "street": "12 St James's Square", "city": "London",
                "postal_code": "SW1Y 4JH", "country": "GB",
            },
        })
    }

    /// Cancels an order; a refusal is an answer, not an error.
    ///
    /// # Errors
    /// When order does not answer.
    pub async fn cancel(&self, order: OrderId) -> anyhow::Result<Answer> {
        self.post("order", &format!("/orders/{order}/cancel"), &json!({})).await
    }

    /// The order as the read model shows it; none while it has not heard of it.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn view(&self, order: OrderId) -> anyhow::Result<Option<Value>> {
        let answer = self.get("order-history", &format!("/orders/{order}")).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        answer.ok().map(Some)
    }

    /// Whether the payment service has nothing more to do for an order.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn is_settled(&self, order: OrderId) -> anyhow::Result<bool> {
        let answer = self.get("payment", &format!("/payments/by-order/{order}")).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(false);
        }
        let payment = answer.ok()?;
        Ok(!["due", "charging", "refund-due"].contains(&text(&payment, "/state")?))
    }

    /// The kinds of mail that were sent for an order, in alphabetical order.
    ///
    /// # Errors
    /// When email does not answer.
    pub async fn mails(&self, order: OrderId) -> anyhow::Result<Vec<String>> {
        let list = self.get("email", &format!("/mails?order={order}")).await?;
        if list.status == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        let list = list.ok()?;
        let items = list["items"].as_array().context("a list of mails without items")?;
        let mut kinds = Vec::with_capacity(items.len());
        for mail in items.iter().filter(|mail| mail["state"] == "sent") {
            kinds.push(text(mail, "/kind")?.to_owned());
        }
        kinds.sort_unstable();
        Ok(kinds)
    }
}

/// The price of everything in a cart, as it was seen there.
fn seen(cart: &Value, currency: Currency) -> anyhow::Result<Vec<Value>> {
    let lines = cart["lines"].as_array().context("a cart without lines")?;
    lines
        .iter()
        .map(|line| {
            let prices = line["unit_prices"].as_array().context("a line without prices")?;
            let price = prices.iter().find(|price| price["currency"] == currency.code());
            let price = price.with_context(|| format!("no price in {currency} in {line}"))?;
            Ok(json!({ "product": line["product"], "unit_price": price }))
        })
        .collect()
}
