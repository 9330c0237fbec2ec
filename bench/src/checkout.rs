//! A checkout, ready to be sent: the cart is filled and the request is written before the clock runs.

use anyhow::{Context as _, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api::{Api, list};
use crate::customers::{AT_ONCE, Customer};
use crate::wire;

/// What is paid in.
pub const CURRENCY: &str = "USD";

/// A `POST /orders` that waits to be sent.
#[derive(Debug, Clone)]
pub struct Checkout {
    /// The whole request.
    pub request: Vec<u8>,
    /// Whose it is.
    pub token: String,
}

/// Puts two products into the cart of every customer, and writes their checkouts.
///
/// # Errors
/// When the shop refuses a cart.
pub async fn prepare(
    api: &Api,
    customers: &[Customer],
    products: &[String],
) -> Result<Vec<Checkout>> {
    let carts = fill(api, customers, products).await?;
    carts.iter().zip(customers).map(|(cart, customer)| checkout(api, customer, cart)).collect()
}

/// Puts two products into the cart of every customer, and shows the carts in their order.
///
/// # Errors
/// When the shop refuses a cart.
pub async fn fill(api: &Api, customers: &[Customer], products: &[String]) -> Result<Vec<Value>> {
    let carts = stream::iter(customers.iter().enumerate()).map(|(number, customer)| async move {
        let mut cart = Value::Null;
        for product in products.iter().cycle().skip(number * 2).take(2) {
            cart = put(api, customer, product).await?;
        }
        Ok(cart)
    });
    carts.buffered(AT_ONCE).try_collect().await
}

async fn put(api: &Api, customer: &Customer, product: &str) -> Result<Value> {
    let path = format!("/carts/current/lines/{product}");
    let one = json!({"quantity": 1});
    api.send(Method::PUT, "order", &path, Some(&customer.token), &one).await
}

fn checkout(api: &Api, customer: &Customer, cart: &Value) -> Result<Checkout> {
    let price = |(product, price)| json!({"product": product, "unit_price": price});
    let prices: Vec<Value> = seen_prices(cart)?.into_iter().map(price).collect();
    let body = json!({
        "cart": cart["id"],
        "cart_version": cart["version"],
        "currency": CURRENCY,
        "prices": prices,
        "contact": {
            "name": "Bench Customer",
            "email": customer.email,
            "address": {
                "street": "12 St James's Square",
                "city": "London",
                "postal_code": "SW1Y 4JH",
                "country": "GB",
            },
        },
        "locale": "en",
        "payment_method": {"card": customer.method},
    });
    let key = Uuid::new_v4().to_string();
    let headers = [
        ("authorization", format!("Bearer {}", customer.token)),
        ("idempotency-key", key),
        ("content-type", "application/json".to_owned()),
    ];
    let request = wire::request("POST", api.url("order")?, "/orders", &headers, &body.to_string())?;
    Ok(Checkout { request, token: customer.token.clone() })
}

/// Each product in the cart, and its price.
///
/// # Errors
/// When one has none in the currency.
pub fn seen_prices(cart: &Value) -> Result<Vec<(&Value, &Value)>> {
    list(cart, "/lines")?.iter().map(seen_price).collect()
}

fn seen_price(line: &Value) -> Result<(&Value, &Value)> {
    let prices = list(line, "/unit_prices")?;
    let price = prices.iter().find(|price| price["currency"] == CURRENCY);
    let price = price.with_context(|| format!("no price in {CURRENCY}: {line}"))?;
    Ok((&line["product"], price))
}
