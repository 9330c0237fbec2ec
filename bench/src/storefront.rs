//! The same through the web BFF: checkouts, and reading an order beside the direct read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::api::{Api, text};
use crate::burst::CLIENTS;
use crate::checkout::{CURRENCY, seen_prices};
use crate::customers::{Customer, HASHES_AT_ONCE, PASSWORD};
use crate::orders::Accepted;
use crate::wire::{self, Answer, Connection};

const SIGN_IN: &str =
    "mutation($email: String!) { signIn(email: $email, password: \"%\") { customer { id } } }";
const CHECKOUT: &str = "mutation($input: CheckoutInput!, $key: String!) \
    { checkout(input: $input, idempotencyKey: $key) { id } }";
/// What the direct read answers: the order, its lines, its money and its story.
const ORDER: &str = "query($id: ID!) { order(id: $id) { id status reason total { minor currency } \
    lines { productId name { en ko } quantity unitPrice { minor currency } total { minor currency } } \
    shipTo { name } moneyState movements { kind amount { minor currency } at } stockState \
    events { messageId kind producer at traceId causationId } \
    placedAt expiresAt confirmedAt cancelledAt cancellableUntil } }";

/// A customer with a session at the storefront.
#[derive(Debug, Clone)]
pub struct Shopper {
    customer: Customer,
    cookie: String,
}

/// How often an order was read per second.
#[derive(Debug, Clone, Copy)]
pub struct Reads {
    /// Through the BFF.
    pub bff: f64,
    /// From the read model itself.
    pub direct: f64,
}

/// Signs these customers in at the storefront.
///
/// # Errors
/// When it refuses one.
pub async fn sign_in(api: &Api, customers: &[Customer]) -> Result<Vec<Shopper>> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}/graphql", api.url("web-bff")?);
    let query = SIGN_IN.replace('%', PASSWORD);
    let signed_in = stream::iter(customers.iter().cloned()).map(|customer| {
        let body = json!({"query": query, "variables": {"email": customer.email}});
        let request = http.post(&url).header("x-csrf", "1").json(&body);
        async move {
            let response = request.send().await?;
            let cookies = response.headers().get_all(SET_COOKIE).iter();
            let pairs = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
            let cookie = pairs.collect::<Vec<_>>().join("; ");
            let body: Value = response.json().await?;
            text(&body, "/data/signIn/customer/id").context("could not sign in")?;
            Ok(Shopper { customer, cookie })
        }
    });
    signed_in.buffered(HASHES_AT_ONCE).try_collect().await
}

impl Shopper {
    /// Who it is to the services.
    #[must_use]
    pub const fn customer(&self) -> &Customer {
        &self.customer
    }

    /// The checkout of a cart, as the page sends it.
    ///
    /// # Errors
    /// When the cart is none.
    pub fn checkout(&self, api: &Api, cart: &Value) -> Result<Vec<u8>> {
        let input = json!({
            "cart": cart["id"],
            "cartVersion": cart["version"],
            "currency": CURRENCY,
            "prices": seen_prices(cart)?.into_iter().map(|(product, price)| {
                json!({"product": product, "unitPrice": price})
            }).collect::<Vec<_>>(),
            "contact": {
                "name": "Bench Customer",
                "email": self.customer.email,
                "address": {
                    "street": "12 St James's Square",
                    "city": "London",
                    "postalCode": "SW1Y 4JH",
                    "country": "GB",
                },
            },
            "locale": "EN",
            "paymentMethod": {"card": self.customer.method},
        });
        self.operation(api, CHECKOUT, &json!({"input": input, "key": Uuid::new_v4().to_string()}))
    }

    fn read(&self, api: &Api, order: &str) -> Result<Vec<u8>> {
        self.operation(api, ORDER, &json!({ "id": order }))
    }

    fn read_directly(&self, api: &Api, order: &str) -> Result<Vec<u8>> {
        let headers = [("authorization", format!("Bearer {}", self.customer.token))];
        wire::request("GET", api.url("order-history")?, &format!("/orders/{order}"), &headers, "")
    }

    fn operation(&self, api: &Api, query: &str, variables: &Value) -> Result<Vec<u8>> {
        let headers = [
            ("cookie", self.cookie.clone()),
            ("x-csrf", "1".to_owned()),
            ("content-type", "application/json".to_owned()),
        ];
        let body = json!({"query": query, "variables": variables}).to_string();
        wire::request("POST", api.url("web-bff")?, "/graphql", &headers, &body)
    }
}

/// Takes the order's id from the answer to a checkout that came at that time.
///
/// # Errors
/// When it was refused.
pub fn accepted(answer: &Answer, at: i64) -> Result<Accepted> {
    let body: Value = serde_json::from_slice(&answer.body).context("not JSON")?;
    let order = text(&body, "/data/checkout/id").with_context(|| format!("refused: {body}"))?;
    Ok(Accepted { order: order.to_owned(), at })
}

/// Reads one order per shopper over and over, for `time` each: directly, then through the BFF.
///
/// # Errors
/// When a read fails.
pub async fn reads(
    api: &Api,
    shoppers: &[Shopper],
    orders: &[Accepted],
    time: Duration,
) -> Result<Reads> {
    let (mut direct, mut bff) = (Vec::new(), Vec::new());
    for (shopper, order) in shoppers.iter().zip(orders) {
        direct.push(shopper.read_directly(api, &order.order)?);
        bff.push(shopper.read(api, &order.order)?);
    }
    let direct = over_and_over(api.url("order-history")?, direct, time).await?;
    let bff = over_and_over(api.url("web-bff")?, bff, time).await?;
    Ok(Reads { bff, direct })
}

async fn over_and_over(url: &str, requests: Vec<Vec<u8>>, time: Duration) -> Result<f64> {
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let mut connection = Connection::open(url).await?;
        let (requests, next) = (requests.clone(), next.clone());
        clients.spawn(async move {
            let mut answered = 0_u32;
            while began.elapsed() < time {
                let number = next.fetch_add(1, Ordering::Relaxed) % requests.len().max(1);
                let request = requests.get(number).context("nothing to read")?;
                is_an_order(&connection.ask(request).await?)?;
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    let mut answered = 0;
    while let Some(client) = clients.join_next().await {
        answered += client??;
    }
    Ok(f64::from(answered) / began.elapsed().as_secs_f64())
}

/// Looked at as little as shows that it is not an error, as the cores are the shop's.
fn is_an_order(answer: &Answer) -> Result<()> {
    let has = |part: &[u8]| answer.body.windows(part.len()).any(|window| window == part);
    if answer.status == 200 && has(b"ord_") && !has(b"\"errors\"") {
        return Ok(());
    }
    bail!("a read was answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body))
}

#[cfg(test)]
mod tests {
    use super::{Answer, accepted, is_an_order};

    #[test]
    fn an_accepted_checkout_names_its_order() {
        let body = br#"{"data":{"checkout":{"id":"ord_1"}}}"#.to_vec();

        let order = accepted(&Answer { status: 200, body }, 7).unwrap();

        assert_eq!((order.order.as_str(), order.at), ("ord_1", 7));
    }

    #[test]
    fn what_is_refused_is_no_order() {
        let body = br#"{"data":null,"errors":[{"message":"no"}]}"#.to_vec();
        let answer = Answer { status: 200, body };

        assert!(accepted(&answer, 7).is_err());
        assert!(is_an_order(&answer).is_err());
    }
}
