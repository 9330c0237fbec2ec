//! The storefront's pages, as far as they talk to the web BFF.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};
use testkit::eventually;

use crate::stage::SOON;

/// A browser with a session of its own.
pub(crate) struct Browser {
    http: reqwest::Client,
    url: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn at(bff: &str) -> Self {
        let (http, cookies) = (reqwest::Client::new(), Mutex::default());
        Self { http, url: format!("{bff}/graphql"), cookies }
    }

    /// Signs in to a demo account, puts something into the cart and pays for it with a good card;
    /// gives the order.
    pub(crate) async fn buys_something(&self) -> String {
        let sign_in = "mutation ($email: String!, $password: String!) {
            signIn(email: $email, password: $password) { customer { name } } }";
        let ada = json!({ "email": "ada@example.org", "password": "demo-ada-2026" });
        self.ask(sign_in, ada).await;
        let product = self.ask("{ products(limit: 1) { items { id } } }", json!({})).await;
        let product = &product["products"]["items"][0]["id"];
        // order reads the catalog's feed first; until then nothing goes into a cart.
        eventually(SOON, || async {
            let add = "mutation ($id: ID!) { addToCart(product: $id) { count } }";
            self.answer(add, json!({ "id": product })).await["errors"].is_null()
        })
        .await;
        let card = "mutation ($number: String!, $key: String!) { addCard(idempotencyKey: $key, input: {
            number: $number, expiryMonth: 12, expiryYear: 2034, cvc: \"987\", holder: \"Ada\" }) { id } }";
        let number = json!({ "number": "4242-4242-4242-4242", "key": uuid::Uuid::new_v4() });
        let card = self.ask(card, number).await;
        self.checks_out(&card["addCard"]["id"]).await
    }

    async fn checks_out(&self, card: &Value) -> String {
        let seen = "{ cart { id version lines { productId unitPrices { minor currency } } } }";
        let cart = self.ask(seen, json!({})).await["cart"].clone();
        let prices = cart["lines"].as_array().unwrap().iter().map(|line| {
            let mut prices = line["unitPrices"].as_array().unwrap().iter();
            let usd = prices.find(|price| price["currency"] == "USD").unwrap();
            json!({ "product": line["productId"], "unitPrice": usd })
        });
        let prices: Vec<Value> = prices.collect();
        let input = json!({
            "cart": cart["id"], "cartVersion": cart["version"], "currency": "USD",
            "prices": prices, "locale": "EN", "paymentMethod": { "card": card },
            "contact": { "name": "Ada", "email": "ada@example.org", "address": {
                "street": "12 St James's Square", "city": "London", "postalCode": "SW1Y 4JH",
                "country": "GB" } },
        });
        let checkout = "mutation ($input: CheckoutInput!, $key: String!) {
            checkout(input: $input, idempotencyKey: $key) { id } }";
        let key = uuid::Uuid::new_v4();
        let placed = self.ask(checkout, json!({ "input": input, "key": key })).await;
        placed["checkout"]["id"].as_str().unwrap().to_owned()
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.answer(query, variables).await;
        assert!(answer["errors"].is_null(), "{query}: {answer}");
        answer["data"].clone()
    }

    async fn answer(&self, query: &str, variables: Value) -> Value {
        let cookies = self.cookies.lock().unwrap().clone();
        let cookies: Vec<_> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let body = json!({ "query": query, "variables": variables });
        let request = self.http.post(&self.url).header("x-csrf", "1").json(&body);
        let response = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for set in response.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response.json().await.unwrap()
    }
}
