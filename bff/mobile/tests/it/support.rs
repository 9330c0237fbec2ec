//! The BFF under test, the services it asks, and a phone.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use chassis::auth::{Role, Subject, TokenSigner};
use chassis::config::load_from;
use chrono::TimeDelta;
use mobile_bff::{Application, Config, SERVICE};
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use shop_kernel::{Clock as _, CustomerId, GuestId, SystemClock};

use crate::fixtures::{
    MUG, ORDER, ada, cards, cart, categories, credit, listed, mug, order, outlines, payment, pot,
    shown,
};
use crate::stub::Stub;

/// How long anything here may take on a busy machine.
pub(crate) const BOUND: Duration = Duration::from_secs(30);

/// The BFF, the services behind it, and a signed-in customer.
pub(crate) struct World {
    pub(crate) identity: Stub,
    pub(crate) catalog: Stub,
    pub(crate) order: Stub,
    pub(crate) payment: Stub,
    pub(crate) history: Stub,
    pub(crate) ada: String,
    signer: TokenSigner,
    phone: Phone,
    _bff: Application,
}

/// What calls the BFF.
pub(crate) struct Phone {
    http: reqwest::Client,
    base: String,
}

/// An answer of the BFF.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With settings of its own.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        let signer = TokenSigner::generate().unwrap();
        let [identity, catalog, order, payment, history] = [(); 5].map(|()| Stub::start());
        identity.on("GET /.well-known/jwks.json", serde_json::to_value(signer.jwks()).unwrap());
        let mut all = vec![
            ("http.bind", "127.0.0.1:0"),
            ("peers.identity", identity.url.as_str()),
            ("peers.catalog", &catalog.url),
            ("peers.order", &order.url),
            ("peers.payment", &payment.url),
            ("peers.order_history", &history.url),
            ("calls.backoff_first_ms", "1"),
            ("calls.backoff_most_ms", "1"),
        ];
        all.extend(settings);
        let config: Config = load_from(SERVICE.defaults, &all).unwrap();
        let bff = Application::build(config, Arc::new(SystemClock)).await.unwrap();
        let (phone, ada) = (Phone::to(bff.address()), customer(&signer));
        let world =
            Self { identity, catalog, order, payment, history, ada, signer, phone, _bff: bff };
        world.stock_up();
        testkit::eventually(BOUND, || async { world.bare("/health/ready").await.status == 200 })
            .await;
        world
    }

    /// Everything is there and answers; the orders are Ada's.
    fn stock_up(&self) {
        let both = json!({ "items": [mug(), pot()], "next": "more" });
        self.catalog
            .on("GET /categories", categories())
            .on("GET /products", both.clone())
            .on("GET /products/batch", json!({ "items": [mug()] }))
            .on("GET /products/blue-mug", mug())
            .on(&format!("GET /products/{MUG}"), mug());
        self.order
            .on("GET /carts/current", cart())
            .on_of(&self.ada, "GET /orders", outlines())
            .on_of(&self.ada, &format!("GET /orders/{ORDER}"), order("confirmed"));
        self.payment.on("GET /payment-methods", cards()).on("GET /credit", credit()).on_of(
            &self.ada,
            &format!("GET /payments/by-order/{ORDER}"),
            payment(),
        );
        self.history.on_of(&self.ada, "GET /orders", listed()).on_of(
            &self.ada,
            &format!("GET /orders/{ORDER}"),
            shown(),
        );
        self.identity.on("GET /customers/me", ada());
    }

    pub(crate) fn services(&self) -> [&Stub; 5] {
        [&self.identity, &self.catalog, &self.order, &self.payment, &self.history]
    }

    pub(crate) fn another_customer(&self) -> String {
        customer(&self.signer)
    }

    pub(crate) fn guest(&self) -> String {
        token(&self.signer, Subject::Guest(GuestId::generate()), Role::Guest)
    }
}

impl Deref for World {
    type Target = Phone;

    fn deref(&self) -> &Phone {
        &self.phone
    }
}

impl Phone {
    pub(crate) fn to(bff: SocketAddr) -> Self {
        let http = chassis::peer::Client::new().unwrap().http().clone();
        Self { http, base: format!("http://{bff}") }
    }

    /// A screen, to nobody we know.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[], None).await
    }

    /// A screen, to whoever has this token.
    pub(crate) async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.send(Method::GET, path, Some(token), &[], None).await
    }

    pub(crate) async fn bare(&self, path: &str) -> Answer {
        read(self.http.get(format!("{}{path}", self.base))).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}/api/v1{path}", self.base));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        read(request).await
    }
}

async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status, headers, body }
}

fn customer(signer: &TokenSigner) -> String {
    token(signer, Subject::Customer(CustomerId::generate()), Role::Customer)
}

fn token(signer: &TokenSigner, subject: Subject, role: Role) -> String {
    signer.token(subject, &[role], SystemClock.now(), TimeDelta::minutes(10)).unwrap()
}
