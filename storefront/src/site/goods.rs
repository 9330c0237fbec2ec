//! Whether there is what an address names, so that what is not can be told with the status.

use actix_web::http::Uri;
use actix_web::web::Query;
use serde_json::{Value, json};

use super::relay::Relay;

/// Whether the shop has the product or the category of a page. Whoever cannot be asked denies
/// nothing: the page finds out by itself.
pub(super) async fn has(relay: &Relay, page: &str, address: &Uri) -> bool {
    let denied = match page {
        "product" => no_product(relay, address.path()).await,
        "products" => no_category(relay, address.query().unwrap_or_default()).await,
        _ => None,
    };
    !denied.unwrap_or_default()
}

async fn no_product(relay: &Relay, path: &str) -> Option<bool> {
    let slug = path.trim_end_matches('/').rsplit('/').next()?;
    let query = "query ($id: ID!) { product(id: $id) { id } }";
    let answer = relay.ask(query, json!({ "id": slug })).await?;
    // Null with an error is a catalog that is away.
    Some(answer.get("errors").is_none() && answer.pointer("/data/product")?.is_null())
}

async fn no_category(relay: &Relay, query: &str) -> Option<bool> {
    // Decoded, and the first of several, as the page reads it.
    let values = Query::<Vec<(String, String)>>::from_query(query).ok()?.into_inner();
    let (_, wanted) = values.into_iter().find(|(name, _)| name == "category")?;
    if wanted.is_empty() {
        return None;
    }
    let answer = relay.ask("{ categories { slug } }", Value::Null).await?;
    let known = answer.pointer("/data/categories")?.as_array()?;
    Some(!known.iter().any(|category| category["slug"] == *wanted))
}
