//! Everything a stranger can reach: each operation of each service, and who may use it.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use shop_kernel::OrderId;
use shop_tests::client::{Call, list, text};
use shop_tests::intent::{Intent, Pay};
use shop_tests::shopper::{PATIENCE, Shopper};
use testkit::eventually;

use crate::crowd::Crowd;
use crate::stage::{SOON, Stage};

/// Who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody, and this list is short on purpose.
    Public,
    /// Whoever shops, signed in or not.
    Shopper,
    /// A signed-in customer, about themselves.
    Customer,
    /// The customer whose thing the path names.
    Owner,
    /// Operators.
    Operator,
    /// Operators and services.
    Trusted,
    /// The shop, at its payment provider.
    ApiKey,
}

/// One operation of a service's API document.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) service: String,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) takes_body: bool,
    /// Whether no body at all is a bad one.
    pub(crate) needs_body: bool,
}

/// What a customer has, to put into paths.
pub(crate) struct Things {
    pub(crate) order: OrderId,
    method: String,
    mail: String,
    product: String,
    payment: String,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) media: String,
    pub(crate) body: Value,
}

impl Operation {
    /// Who may use it, by the tables of the READMEs; none for what they do not know.
    pub(crate) fn access(&self) -> Option<Access> {
        let method = self.method.as_str();
        Some(match (self.service.as_str(), method, self.path.as_str()) {
            (
                _,
                "GET",
                "/health/live" | "/health/ready" | "/metrics" | "/info" | "/openapi.json",
            )
            | ("identity", "GET", "/.well-known/jwks.json")
            | ("identity", "POST", "/customers" | "/sessions" | "/sessions/refresh")
            | ("identity", "POST", "/guests" | "/tokens/service")
            | ("catalog", "GET", "/products" | "/products/{id}" | "/products/batch")
            | ("catalog", "GET", "/categories")
            // Who asks there is in the cookie, and what may be asked is in its own tests.
            | ("web-bff", "GET" | "POST", "/graphql")
            | ("web-bff", "GET", "/mails/{id}.html")
            | ("mobile-bff", "GET", "/api/v1/home" | "/api/v1/products" | "/api/v1/products/{id}")
            | ("mobile-bff", "POST", "/api/v1/customers" | "/api/v1/guests")
            | ("mobile-bff", "POST", "/api/v1/sessions" | "/api/v1/sessions/refresh")
            | ("provider", "GET", "/sandbox/mode") => Access::Public,

            ("order", _, "/carts/current" | "/carts/current/lines/{product}")
            | ("mobile-bff", _, "/api/v1/cart" | "/api/v1/cart/lines/{product}") => Access::Shopper,

            ("identity", _, "/customers/me" | "/sessions/current")
            | ("order", "POST", "/carts/merge")
            | ("order", _, "/orders")
            | ("payment", _, "/payment-methods")
            | ("payment", "GET", "/credit")
            | ("email", "GET", "/mails")
            | ("order-history", "GET", "/orders")
            | ("mobile-bff", _, "/api/v1/cart/merge" | "/api/v1/checkout" | "/api/v1/cards")
            | ("mobile-bff", _, "/api/v1/orders" | "/api/v1/sessions/current")
            | (_, "GET", "/inbox") => Access::Customer,

            ("order", "GET", "/orders/{id}" | "/orders/{id}/events" | "/orders/{id}/state")
            | ("order", "POST", "/orders/{id}/cancel" | "/orders/{id}/reorder")
            | ("order-history", "GET", "/orders/{id}" | "/orders/{id}/updates")
            | ("mobile-bff", "GET", "/api/v1/orders/{id}")
            | ("mobile-bff", "POST", "/api/v1/orders/{id}/cancel" | "/api/v1/orders/{id}/reorder")
            | ("mobile-bff", "DELETE", "/api/v1/cards/{id}")
            | ("payment", "GET", "/payments/by-order/{order}")
            | ("payment", "DELETE", "/payment-methods/{id}")
            | ("email", "GET", "/mails/{id}") => Access::Owner,

            ("payment", "GET", "/ops/audit")
            | ("provider", "GET", "/v1/ledger")
            | (_, "GET", "/feed") => Access::Trusted,

            ("catalog", _, "/products" | "/products/{id}" | "/products/{id}/adjustments")
            | ("order-history", "GET", "/sales")
            | ("provider", "PUT", "/sandbox/mode" | "/sandbox/charges/{key}/refunds-allowed") => {
                Access::Operator
            }
            (_, _, path) if path.starts_with("/ops/") => Access::Operator,

            ("provider", _, path) if path.starts_with("/v1/") => Access::ApiKey,

            _ => return None,
        })
    }

    /// The path with a customer's things in it.
    fn filled(&self, things: &Things) -> String {
        let path = self.path.strip_prefix("/api/v1").unwrap_or(&self.path);
        let id = match (self.service.as_str(), path.split('/').nth(1).unwrap_or_default()) {
            ("order" | "order-history" | "mobile-bff", "orders") => things.order.to_string(),
            ("payment", "payment-methods") | ("mobile-bff", "cards") => things.method.clone(),
            ("email", "mails") => things.mail.clone(),
            ("catalog" | "mobile-bff", "products") => things.product.clone(),
            _ => uuid::Uuid::new_v4().to_string(),
        };
        let queue = format!("{}.orders", self.service);
        let order = things.order.to_string();
        let customer = "cus_0190000000007000800000000000002a";
        let refund = "ref_0190000000007000800000000000002a";
        let path = self.path.replace("{id}", &id).replace("{order}", &order);
        let path = path.replace("{product}", &things.product).replace("{key}", &things.payment);
        let path = path.replace("{queue}", &queue).replace("{customer}", customer);
        let path = path.replace("{refund}", refund);
        assert!(!path.contains('{'), "{path} names something these tests do not know");
        // Where a query is needed for anything but a 4xx.
        let query = match (self.path.as_str(), self.method.as_str()) {
            ("/orders/{id}/state", _) => "?version=1".to_owned(),
            ("/inbox", _) => format!("?order={order}"),
            ("/ops/dead-letters/{queue}/{id}", "DELETE") => "?note=none".to_owned(),
            ("/products/batch", _) => format!("?ids={}", things.product),
            _ => String::new(),
        };
        format!("{path}{query}")
    }

    /// Sends it, with a body of `{}` where it takes one.
    pub(crate) async fn send(&self, stage: &Stage, token: Option<&str>, things: &Things) -> Reply {
        let body = match (self.takes_body, self.path.as_str()) {
            (true, path) if path.ends_with("/orders/{id}/reorder") => {
                br#"{"payment_method": "store-credit"}"#.to_vec()
            }
            (true, _) => b"{}".to_vec(),
            (false, _) => Vec::new(),
        };
        self.send_body(stage, token, things, "application/json", body).await
    }

    /// Sends it with these bytes for a body.
    pub(crate) async fn send_body(
        &self,
        stage: &Stage,
        token: Option<&str>,
        things: &Things,
        media: &str,
        body: Vec<u8>,
    ) -> Reply {
        let base = stage.client.replicas(&self.service).remove(0);
        let url = format!("{base}{}", self.filled(things));
        let mut request = stage.http.request(self.method.clone(), url);
        request = request.header("idempotency-key", uuid::Uuid::new_v4().to_string());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if self.takes_body {
            request = request.header(CONTENT_TYPE, media).body(body);
        }
        let response = request.timeout(SOON).send().await.unwrap_or_else(|error| {
            panic!("{self} got no answer: {error:?}");
        });
        let status = response.status().as_u16();
        let media = response.headers().get(CONTENT_TYPE);
        let media = media.map(|media| media.to_str().unwrap().to_owned()).unwrap_or_default();
        // A stream of events has no end; that it began is all there is to know.
        let is_stream = media.starts_with("text/event-stream");
        let bytes = if is_stream { Vec::new() } else { response.bytes().await.unwrap().to_vec() };
        Reply { status, media, body: serde_json::from_slice(&bytes).unwrap_or_default() }
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.service, self.method, self.path)
    }
}

/// Every operation of every service, by the documents they serve.
pub(crate) async fn operations(stage: &Stage) -> Vec<Operation> {
    let mut operations = Vec::new();
    for service in stage.client.services() {
        // A stand-in for somebody else's mail server has no such document.
        if service == "mail-sink" {
            continue;
        }
        let document = stage.client.insist(&Call::get(&service, "/openapi.json"), PATIENCE).await;
        let document = document.unwrap().ok().unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                operations.push(Operation {
                    service: service.clone(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    takes_body: operation.get("requestBody").is_some(),
                    needs_body: operation.pointer("/requestBody/required") == Some(&true.into()),
                });
            }
        }
    }
    assert!(operations.len() > 80, "documents are missing: {} operations", operations.len());
    operations
}

/// A customer with one order that went through, and all that comes with it.
pub(crate) async fn customer_with_things(stage: &mut Stage) -> (Shopper, Things) {
    let mut crowd = Crowd::of(stage, 1).await;
    let shopper = crowd.shoppers.remove(0);
    let order = shopper.order(Intent::PLAIN, &crowd.shelf).await.unwrap();
    let client = &stage.client;
    let mail = eventually(SOON, || async {
        let call = Call::get("email", format!("/mails?order={order}")).token(shopper.token());
        let mails = client.ask(&call).await.ok()?;
        text(list(&mails.body, "/items").ok()?.first()?, "/id").map(str::to_owned).ok()
    })
    .await;
    // Until everyone has heard of it.
    eventually(SOON, || async {
        let call = Call::get("order-history", format!("/orders/{order}")).token(shopper.token());
        client.ask(&call).await.is_ok_and(|it| it.body["status"] == "confirmed")
    })
    .await;
    let call = Call::get("payment", format!("/payments/by-order/{order}")).token(shopper.token());
    let payment = client.insist(&call, PATIENCE).await.unwrap().ok().unwrap();
    let things = Things {
        order,
        method: text(shopper.method(Pay::Good).unwrap(), "/card").unwrap().to_owned(),
        mail,
        product: crowd.shelf.plenty[0].clone(),
        payment: text(&payment, "/payment").unwrap().to_owned(),
    };
    (shopper, things)
}
