//! What the load buys: products with plenty of stock, and some that are sold out.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::client::{Call, Client, list, text};
use crate::shopper::PATIENCE;

/// More than any test sells.
const PLENTY: i64 = 1_000_000;
/// So that orders meet on the same rows, as they do in a shop with favourites.
const FAVOURITES: usize = 6;

/// Products to buy, by id.
#[derive(Debug, Clone)]
pub struct Shelf {
    /// As many as one likes.
    pub plenty: Vec<String>,
    /// None left.
    pub sold_out: Vec<String>,
}

impl Shelf {
    /// Looks what is sold out, and stocks up on some of the rest.
    ///
    /// # Errors
    /// When the catalog refuses, or has nothing that is sold out.
    pub async fn stock_up(client: &Client, operator: &str) -> Result<Self> {
        let page = client.insist(&Call::get("catalog", "/products?limit=100"), PATIENCE).await?;
        let page = page.ok()?;
        let (mut plenty, mut sold_out) = (Vec::new(), Vec::new());
        for product in list(&page, "/items")? {
            let id = text(product, "/id")?.to_owned();
            match text(product, "/stock/state")? {
                "sold_out" => sold_out.push(id),
                "in_stock" if plenty.len() < FAVOURITES => plenty.push(id),
                _ => {}
            }
        }
        ensure!(plenty.len() == FAVOURITES && !sold_out.is_empty(), "the seed is not what it was");
        for product in &plenty {
            let path = format!("/products/{product}/adjustments");
            let body = json!({ "delta": PLENTY, "reason": "for the load test" });
            let key = uuid::Uuid::new_v4().to_string();
            let call = Call::post("catalog", path).token(operator).key(&key).json(&body);
            client.insist(&call, PATIENCE).await?.ok()?;
        }
        Ok(Self { plenty, sold_out })
    }
}
