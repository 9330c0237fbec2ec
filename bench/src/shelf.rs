//! What the customers buy: products with more stock than any run can sell.

use std::time::Duration;

use anyhow::{Result, bail};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::api::{Api, list, text};
use crate::customers::Customer;

/// Spread over so many products, orders meet at a product's stock about as often as in a busy shop.
const PRODUCTS: usize = 24;
const PLENTY: i64 = 1_000_000;
const PRICES_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Fills up the stock of some products, and gives their ids.
///
/// # Errors
/// When the catalog has nothing on sale or refuses the operator.
pub async fn fill(api: &Api) -> Result<Vec<String>> {
    let operator = api.operator().await?;
    let page = api.get("catalog", "/products?limit=100", None).await?;
    let on_sale =
        list(&page, "/items")?.iter().filter(|product| product["on_sale"] == Value::Bool(true));
    let mut products = Vec::new();
    for product in on_sale.take(PRODUCTS) {
        let id = text(product, "/id")?;
        let path = format!("/products/{id}/adjustments");
        let body = json!({"delta": PLENTY, "reason": "plenty for a benchmark"});
        api.send(Method::POST, "catalog", &path, Some(&operator), &body).await?;
        products.push(id.to_owned());
    }
    if products.is_empty() {
        bail!("the catalog has nothing on sale");
    }
    Ok(products)
}

/// Waits until `order` has its copy of the prices, which it reads after its first start.
///
/// # Errors
/// When it has none in time.
pub async fn wait_for_prices(api: &Api, products: &[String], customer: &Customer) -> Result<()> {
    let deadline = Instant::now() + PRICES_WITHIN;
    let Some(product) = products.first() else { bail!("there is no product") };
    let path = format!("/carts/current/lines/{product}");
    let one = json!({"quantity": 1});
    let token = Some(customer.token.as_str());
    loop {
        let cart = api.send(Method::PUT, "order", &path, token, &one).await?;
        if !list(&cart, "/totals")?.is_empty() {
            return Ok(());
        }
        if Instant::now() >= deadline {
            bail!("order has no prices yet: {cart}");
        }
        sleep(LOOK_EVERY).await;
    }
}
