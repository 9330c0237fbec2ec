//! What the rows are played with: a customer, products, and the provider's switch.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use reqwest::Method;
use serde_json::{Value, json};
use shop_kernel::Currency;

use crate::api::{Api, text};
use crate::customer::Customer;

/// An order is visible to `order` a moment after it is planted or changed in the catalog.
const READY_WITHIN: Duration = Duration::from_secs(20);

/// Everything a row needs.
pub(super) struct Stage<'a> {
    pub(super) api: &'a Api,
    pub(super) customer: Customer<'a>,
    /// There is plenty of it.
    pub(super) product: String,
    /// There is none of it, though it is on sale.
    pub(super) sold_out: String,
    /// Costs more, all of it together, than the customer's store credit.
    pub(super) dear: Vec<(String, u32)>,
    /// Print nothing on the way.
    pub(super) is_quiet: bool,
    operator: String,
}

impl<'a> Stage<'a> {
    /// Finds products and registers a customer.
    pub(super) async fn set(
        api: &'a Api,
        operator: String,
        is_quiet: bool,
    ) -> anyhow::Result<Self> {
        let products = products(api).await?;
        let with_stock = |state: &str| {
            let found = products.iter().find(|product| product["stock"]["state"] == state);
            let found =
                found.with_context(|| format!("the shop has no product that is {state}"))?;
            text(found, "/id").map(str::to_owned)
        };
        let product = with_stock("in_stock")?;
        let sold_out = with_stock("sold_out")?;
        let customer = Customer::register(api, "Tour").await?;
        let dear = beyond(customer.credit_limit(Currency::Usd).await?, &products)?;
        Ok(Self { api, customer, product, sold_out, dear, is_quiet, operator })
    }

    /// How the provider is now: `up`, `slow` or `down`.
    pub(super) async fn provider_mode(&self) -> anyhow::Result<String> {
        let token = Some(self.operator.as_str());
        let mode = self.api.get("provider", "/sandbox/mode", token).await?.ok()?;
        Ok(text(&mode, "/mode")?.to_owned())
    }

    /// Turns the provider up, slow or down.
    pub(super) async fn set_provider_mode(&self, mode: &str) -> anyhow::Result<()> {
        let (token, body) = (Some(self.operator.as_str()), json!({ "mode": mode }));
        let answer = self.api.send(Method::PUT, "provider", "/sandbox/mode", token, &body).await?;
        answer.ok()?;
        Ok(())
    }

    pub(super) fn say(&self, line: &str) {
        if !self.is_quiet {
            println!("{line}");
        }
    }
}

/// Every product, once `order` can price them.
async fn products(api: &Api) -> anyhow::Result<Vec<Value>> {
    let began = Instant::now();
    loop {
        let page = api.get("catalog", "/products?limit=100", None).await?.ok()?;
        if let Some(products) = page["items"].as_array().filter(|items| !items.is_empty()) {
            return Ok(products.clone());
        }
        if began.elapsed() > READY_WITHIN {
            bail!("the shop has no products; start it with its seed");
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Products in stock that cost more than `limit` together.
fn beyond(limit: i64, products: &[Value]) -> anyhow::Result<Vec<(String, u32)>> {
    // A product in stock has more left than a mark like "3 left" would be shown for.
    const OF_EACH: u32 = 5;
    let (mut basket, mut sum) = (Vec::new(), 0);
    for product in products.iter().filter(|product| product["stock"]["state"] == "in_stock") {
        let prices = product["prices"].as_array().context("a product without prices")?;
        let price = prices.iter().find(|price| price["currency"] == Currency::Usd.code());
        let Some(minor) = price.and_then(|price| price["minor"].as_i64()) else { continue };
        basket.push((text(product, "/id")?.to_owned(), OF_EACH));
        sum += minor * i64::from(OF_EACH);
        if sum > limit {
            return Ok(basket);
        }
    }
    bail!("everything in stock together costs less than the store credit of {limit}")
}
