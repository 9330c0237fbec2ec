//! A purchase as the storefront's pages make it: through the web BFF, in front of every service.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use chassis::config::TelemetryConfig;
use chrono::{Datelike as _, TimeDelta};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use shop::demo::Demo;
use shop::home::Home;
use shop_kernel::{Clock, ManualClock, SystemClock};
use testkit::eventually;

/// Long beside anything this waits for, on two cores that everyone shares.
const BOUND: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_guest_signs_in_buys_watches_the_order_confirm_and_cancels_it() {
    in_a_shop(Arc::new(SystemClock), purchase).await;
}

#[tokio::test]
async fn nobody_sees_or_changes_the_order_of_another() {
    in_a_shop(Arc::new(SystemClock), async |ada| {
        ada.gather().await;
        ada.sign_in("ada").await;
        let order = ada.checkout().await;
        ada.watch(&order, "CONFIRMED").await;

        let haru = ada.other_browser();
        haru.sign_in("haru").await;

        let id = json!({ "id": order });
        assert_eq!(haru.ask(ORDER, id.clone()).await["order"], Value::Null);
        let mails = "query ($id: ID!) { mails(order: $id) { items { subject } } }";
        assert_eq!(haru.ask(mails, id.clone()).await["mails"]["items"], json!([]));
        for deed in [
            "cancel(order: $id) { status }",
            "buyAgain(order: $id) { leftOut }",
            "payAgain(idempotencyKey: \"theirs\", input: {
                order: $id, paymentMethod: { storeCredit: true } }) { id }",
        ] {
            let answer =
                haru.answer(&format!("mutation ($id: ID!) {{ {deed} }}"), id.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "order-unknown", "{answer}");
        }
        let card = ada.card(GOOD).await;
        let remove = "mutation ($card: ID!) { removeCard(id: $card) }";
        haru.ask(remove, json!({ "card": card })).await;
        let cards = ada.ask("{ me { cards { id } } }", json!({})).await["me"]["cards"].clone();
        assert!(cards.as_array().unwrap().contains(&json!({ "id": card })), "{cards}");
        let heard = haru.hear(&order, "complete").await;
        assert!(heard.contains("order-unknown") && !heard.contains("CONFIRMED"), "{heard}");
        assert_eq!(ada.ask(ORDER, id).await["order"]["status"], "CONFIRMED");
    })
    .await;
}

#[tokio::test]
async fn a_session_outlives_its_access_token_in_every_tab() {
    let clock = Arc::new(ManualClock::default());
    let later = Arc::clone(&clock);
    in_a_shop(clock, async move |page| {
        page.sign_in("ada").await;
        for _ in 0..3 {
            // An access token lives for ten.
            later.advance(TimeDelta::minutes(11));
            let other_tab = page.tab();
            let me = "{ me { name } orders(limit: 1) { next } }";

            let (one, other) = tokio::join!(page.ask(me, json!({})), other_tab.ask(me, json!({})));

            assert_eq!((&one["me"]["name"], &other["me"]["name"]), (&json!("Ada"), &json!("Ada")));
        }
    })
    .await;
}

#[tokio::test]
async fn a_declined_order_is_paid_again_and_told_in_letters() {
    in_a_shop(Arc::new(SystemClock), async |ada| {
        ada.gather().await;
        ada.sign_in("ada").await;
        let declined = ada.checkout_with(DECLINED).await;
        ada.watch(&declined, "CANCELLED").await;

        let card = ada.card(GOOD).await;
        let again = "mutation ($input: PayAgainInput!) { payAgain(input: $input, idempotencyKey: \"again\") { id } }";
        let input = json!({ "order": declined, "paymentMethod": { "card": card } });
        let placed = ada.ask(again, json!({ "input": input })).await;
        let order = placed["payAgain"]["id"].as_str().unwrap().to_owned();
        ada.watch(&order, "CONFIRMED").await;

        let replaces = "query ($id: ID!) { order(id: $id) { replaces } }";
        let shown = ada.ask(replaces, json!({ "id": order })).await;
        assert_eq!(shown["order"]["replaces"], declined.as_str());
        let mails = "query ($id: ID!) { mails(order: $id) { items { id kind state } } }";
        eventually(BOUND, || async {
            let mails = ada.ask(mails, json!({ "id": declined })).await["mails"].clone();
            mails["items"][0]["state"] == "sent"
        })
        .await;
        let mail = ada.ask(mails, json!({ "id": declined })).await["mails"]["items"][0].clone();
        let letter = ada.url.replace("graphql", &format!("mails/{}.html", mail["id"].as_str().unwrap()));
        let page = ada.send(ada.client.get(&letter)).await;
        assert_eq!((mail["kind"].as_str(), page.status().as_u16()), (Some("cancellation"), 200));
        assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
        let haru = ada.other_browser();
        assert_eq!(haru.send(haru.client.get(&letter)).await.status(), 401);
        haru.sign_in("haru").await;
        assert_eq!(haru.send(haru.client.get(&letter)).await.status(), 404);
    })
    .await;
}

/// One for all tests of this process, kept to its end: whoever ended it would end the others' traces.
static TELEMETRY: OnceLock<chassis::telemetry::Guard> = OnceLock::new();

/// Runs a demo around this.
async fn in_a_shop(clock: Arc<dyn Clock>, act: impl AsyncFnOnce(&Page)) {
    TELEMETRY.get_or_init(|| {
        let telemetry = TelemetryConfig { log: "off".to_owned(), ..TelemetryConfig::default() };
        let process = chassis::Process::new("shop", "0", None);
        chassis::telemetry::start_process(process, &telemetry).unwrap()
    });
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path(), true).unwrap();
    let demo = Demo::start(&home, clock, "off").await.unwrap();
    let page = Page::of(demo.manifest().one("web-bff").unwrap());
    let demo = std::pin::pin!(demo.run());

    tokio::select! {
        ended = demo => panic!("the shop ended: {ended:?}"),
        () = act(&page) => {}
    }
}

async fn purchase(page: &Page) {
    let product = page.gather().await;
    let signed_in = page.sign_in("ada").await;
    assert_eq!(signed_in, json!({ "customer": { "name": "Ada" }, "cart": { "count": 2 } }));

    let order = page.checkout().await;
    let statuses = page.watch(&order, "CONFIRMED").await;
    assert_eq!(statuses.last().map(String::as_str), Some("CONFIRMED"));

    let shown = page.ask(ORDER, json!({ "id": order })).await["order"].clone();
    assert_eq!((&shown["degraded"], &shown["moneyState"]), (&json!(false), &json!("CHARGED")));
    assert_eq!(shown["lines"][0]["product"]["id"], product);
    eventually(BOUND, || async {
        let shown = page.ask(ORDER, json!({ "id": order })).await["order"].clone();
        let everyone_heard = shown["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|event| event["takenIn"].as_array().is_some_and(|taken| !taken.is_empty()));
        everyone_heard && shown["mails"].as_array().is_some_and(|mails| mails.len() == 2)
    })
    .await;
    assert_eq!(shown["silentServices"], json!([]));
    let traces: BTreeSet<_> =
        shown["events"].as_array().unwrap().iter().map(|event| event["traceId"].as_str()).collect();
    assert!(traces.len() == 1 && !traces.contains(&None), "one trace per order: {traces:?}");

    let cancel = "mutation ($id: ID!) { cancel(order: $id) { status } }";
    assert_eq!(page.ask(cancel, json!({ "id": order })).await["cancel"]["status"], "CANCELLED");
    eventually(BOUND, || async {
        page.ask(ORDER, json!({ "id": order })).await["order"]["moneyState"] == "REFUNDED"
    })
    .await;
}

const ORDER: &str = "query ($id: ID!) { order(id: $id) {
    status degraded moneyState silentServices mails { kind }
    lines { product { id } } events { kind traceId takenIn { service consumer attempt } }
} }";

/// What the sandbox provider does with a card depends on its number.
const GOOD: &str = "4242 4242 4242 4242";
const DECLINED: &str = "4000 0000 0000 0002";

/// A page of the shop in a browser.
struct Page {
    client: reqwest::Client,
    url: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Page {
    fn of(bff: &str) -> Self {
        let client = reqwest::Client::new();
        Self { client, url: format!("{bff}/graphql"), cookies: Mutex::default() }
    }

    /// Somebody else's.
    fn other_browser(&self) -> Self {
        Self { client: self.client.clone(), url: self.url.clone(), cookies: Mutex::default() }
    }

    /// The same browser's, with the cookies of this moment.
    fn tab(&self) -> Self {
        let cookies = Mutex::new(self.cookies.lock().unwrap().clone());
        Self { cookies, ..self.other_browser() }
    }

    /// Puts two of a product into the cart; answers with its id.
    async fn gather(&self) -> Value {
        let product = self.ask("{ products(limit: 1) { items { id } } }", json!({})).await;
        let product = product["products"]["items"][0]["id"].clone();
        // order reads the catalog's feed first; until then nothing goes into a cart.
        eventually(BOUND, || async {
            let add = "mutation ($id: ID!) { addToCart(product: $id, quantity: 2) { count } }";
            let answer = self.answer(add, json!({ "id": product })).await;
            answer["data"]["addToCart"]["count"] == 2
        })
        .await;
        product
    }

    async fn sign_in(&self, name: &str) -> Value {
        let sign_in = "mutation ($email: String!, $password: String!) {
            signIn(email: $email, password: $password) { customer { name } cart { count } } }";
        let account = json!({
            "email": format!("{name}@example.org"), "password": format!("demo-{name}-2026"),
        });
        self.ask(sign_in, account).await["signIn"].clone()
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        let answer = self.answer(query, variables).await;
        assert_eq!(answer["errors"], json!(null), "{query}: {answer}");
        answer["data"].clone()
    }

    async fn answer(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = self.client.post(&self.url).header("x-csrf", "1").json(&body);
        self.send(request).await.json().await.unwrap()
    }

    async fn send(&self, request: RequestBuilder) -> Response {
        let cookies = self.cookies.lock().unwrap().clone();
        let cookies: Vec<_> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header("cookie", cookies.join("; ")).send().await.unwrap();
        for set in response.headers().get_all("set-cookie") {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Stores a card of this number; answers with its id.
    async fn card(&self, number: &str) -> Value {
        let card = "mutation ($number: String!, $year: Int!) { addCard(idempotencyKey: $number, input: {
            number: $number, expiryMonth: 12, expiryYear: $year, cvc: \"123\", holder: \"Ada\" }) { id } }";
        let year = SystemClock.now().year() + 2;
        let number = number.replace(' ', "-");
        self.ask(card, json!({ "number": number, "year": year })).await["addCard"]["id"].clone()
    }

    /// Pays the cart with a card that approves; answers with the order.
    async fn checkout(&self) -> String {
        self.checkout_with(GOOD).await
    }

    async fn checkout_with(&self, number: &str) -> String {
        let card = self.card(number).await;
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
        let checkout = "mutation ($input: CheckoutInput!) {
            checkout(input: $input, idempotencyKey: \"order\") { id } }";
        let placed = self.ask(checkout, json!({ "input": input })).await;
        placed["checkout"]["id"].as_str().unwrap().to_owned()
    }

    /// Every status that is pushed, up to and with `last`.
    async fn watch(&self, order: &str, last: &str) -> Vec<String> {
        let text = self.hear(order, last).await;
        let events =
            text.split("\n\n").filter_map(|frame| frame.strip_prefix("event: next\ndata: "));
        let statuses = events.map(|data| {
            let response: Value = serde_json::from_str(data).unwrap();
            response["data"]["orderUpdated"]["status"].as_str().unwrap().to_owned()
        });
        statuses.collect()
    }

    /// What is pushed about an order, until it says `last`.
    async fn hear(&self, order: &str, last: &str) -> String {
        let query = format!(r#"subscription {{ orderUpdated(id: "{order}") {{ status }} }}"#);
        let url = reqwest::Url::parse_with_params(&self.url, [("query", query)]).unwrap();
        let request = self.client.get(url).header("accept", "text/event-stream");
        let mut response = self.send(request).await;
        let mut text = String::new();
        while !text.contains(last) {
            let bytes = tokio::time::timeout(BOUND, response.chunk()).await.unwrap().unwrap();
            text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
        text
    }
}
