//! Many customers with an account, a session and a card each: a customer has one cart at a time.

use anyhow::{Context as _, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use xtask::console;

use crate::api::{Api, text};

/// Of all of them.
pub const PASSWORD: &str = "a-password-for-the-bench";
/// As many password hashes as identity makes at once; more would be answered 503.
pub const HASHES_AT_ONCE: usize = 2;
/// What the shop is asked at once where nothing is measured.
pub const AT_ONCE: usize = 16;
/// Progress is told this often.
const TELL_EVERY: usize = 200;

/// Somebody who can place orders.
#[derive(Debug, Clone)]
pub struct Customer {
    /// What proves it, for some minutes.
    pub token: String,
    /// The id of their card.
    pub method: String,
    /// Where they get their mails.
    pub email: String,
    refresh_token: String,
}

/// Registers so many customers, signs them in and stores their cards.
///
/// # Errors
/// When the shop refuses one.
pub async fn register(api: &Api, count: usize) -> Result<Vec<Customer>> {
    let mut customers = Vec::with_capacity(count);
    let mut registered =
        stream::iter(0..count).map(|_| account(api)).buffer_unordered(HASHES_AT_ONCE);
    while let Some(customer) = registered.next().await {
        customers.push(customer?);
        if customers.len().is_multiple_of(TELL_EVERY) {
            let made = customers.len();
            console::progress("bench", format!("{made} of {count} customers have an account"));
        }
    }
    let with_cards = stream::iter(customers).map(|customer| with_card(api, customer));
    with_cards.buffer_unordered(AT_ONCE).try_collect().await
}

/// Gives every customer a new token: an old one might end in the middle of a measurement.
///
/// # Errors
/// When the shop refuses one.
pub async fn refresh(api: &Api, customers: Vec<Customer>) -> Result<Vec<Customer>> {
    let refreshed = stream::iter(customers).map(|customer| async move {
        let body = json!({"refresh_token": customer.refresh_token});
        let session = api.send(Method::POST, "identity", "/sessions/refresh", None, &body).await?;
        let (token, refresh_token) = tokens(&session)?;
        anyhow::Ok(Customer { token, refresh_token, ..customer })
    });
    refreshed.buffer_unordered(AT_ONCE).try_collect().await
}

async fn account(api: &Api) -> Result<Customer> {
    let email = format!("bench-{}@example.org", Uuid::new_v4().simple());
    let who = json!({"email": email, "name": "Bench", "password": PASSWORD, "locale": "en"});
    api.send(Method::POST, "identity", "/customers", None, &who).await?;
    let body = json!({"email": email, "password": PASSWORD});
    let session = api.send(Method::POST, "identity", "/sessions", None, &body).await?;
    let (token, refresh_token) = tokens(&session)?;
    Ok(Customer { token, refresh_token, email, method: String::new() })
}

async fn with_card(api: &Api, customer: Customer) -> Result<Customer> {
    let card = json!({
        "number": "4242 4242 4242 4242",
        "expiry_month": 12,
        "expiry_year": 2099,
        "cvc": "123",
        "holder": "Bench",
    });
    let token = Some(customer.token.as_str());
    let stored = api.send(Method::POST, "payment", "/payment-methods", token, &card).await?;
    let method = text(&stored, "/id").context("a stored card")?.to_owned();
    Ok(Customer { method, ..customer })
}

fn tokens(session: &Value) -> Result<(String, String)> {
    let of = |name| text(session, name).map(str::to_owned);
    Ok((of("/access_token")?, of("/refresh_token")?))
}
