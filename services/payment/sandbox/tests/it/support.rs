//! A provider on a port of its own, and the calls to it.

use std::sync::Arc;

use chassis::auth::{Role, Subject, TokenSigner};
use chrono::TimeDelta;
use reqwest::{Method, RequestBuilder, Response};
use sandbox_provider::{Application, Config, SERVICE};
use serde_json::{Value, json};
use shop_kernel::{Clock as _, CustomerId, SystemClock};
use tempfile::TempDir;

pub(crate) const KEY: &str = "the shop's key";

pub(crate) struct Provider {
    _app: Application,
    pub(crate) dir: TempDir,
    url: String,
    client: reqwest::Client,
    signer: TokenSigner,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    pub(crate) async fn start_in(dir: TempDir) -> Self {
        let signer = TokenSigner::generate().unwrap();
        let keys = serde_json::to_vec(&signer.jwks()).unwrap();
        std::fs::write(dir.path().join("jwks.json"), keys).unwrap();
        let folder = dir.path().display().to_string();
        let overrides = [
            ("http.bind", "127.0.0.1:0"),
            ("ledger.dir", folder.as_str()),
            ("api.key_secret", KEY),
            ("behavior.slow_ms", "300"),
            ("peers.identity", ""),
        ];
        let config: Config = chassis::config::load_from(SERVICE.defaults, &overrides).unwrap();
        let app = Application::build(config, Arc::new(SystemClock)).await.unwrap();
        let url = format!("http://{}", app.address());
        let client = chassis::peer::Client::new().unwrap().http().clone();
        Self { _app: app, dir, url, client, signer }
    }

    /// Kills it and starts another in the same folder.
    pub(crate) async fn restart(self) -> Self {
        let Self { dir, .. } = self;
        Self::start_in(dir).await
    }

    pub(crate) fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub(crate) fn token(&self, roles: &[Role]) -> String {
        let subject = match roles {
            [Role::Service] => Subject::Service("audit".to_owned()),
            _ => Subject::Customer(CustomerId::generate()),
        };
        self.signer.token(subject, roles, SystemClock.now(), TimeDelta::minutes(5)).unwrap()
    }

    pub(crate) async fn store_card(&self, card: &Value) -> Response {
        self.ask(Method::POST, "/v1/tokens").bearer_auth(KEY).json(card).send().await.unwrap()
    }

    pub(crate) async fn token_for(&self, number: &str) -> String {
        let answer: Value = self.store_card(&card(number)).await.json().await.unwrap();
        answer["token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn charge(&self, key: &str, token: &str) -> Response {
        let body = json!({ "token": token, "amount": usd(1_950), "reference": "ord_1" });
        self.post("/v1/charges", key, &body).await
    }

    pub(crate) async fn refund(&self, key: &str, charge: &str) -> Response {
        self.post("/v1/refunds", key, &json!({ "charge": charge, "amount": usd(1_950) })).await
    }

    async fn post(&self, path: &str, key: &str, body: &Value) -> Response {
        let ask = self.ask(Method::POST, path).bearer_auth(KEY).header("Idempotency-Key", key);
        ask.json(body).send().await.unwrap()
    }

    pub(crate) async fn set_mode(&self, mode: &str) -> Response {
        self.ask(Method::PUT, "/sandbox/mode")
            .bearer_auth(self.token(&[Role::Operator]))
            .json(&json!({ "mode": mode }))
            .send()
            .await
            .unwrap()
    }

    pub(crate) async fn ledger(&self, query: &str) -> Value {
        let ask = self.ask(Method::GET, &format!("/v1/ledger{query}"));
        let ask = ask.bearer_auth(self.token(&[Role::Service]));
        ask.send().await.unwrap().json().await.unwrap()
    }
}

pub(crate) fn card(number: &str) -> Value {
    json!({ "number": number, "expiry_month": 12, "expiry_year": 2099, "cvc": "123" })
}

pub(crate) fn usd(minor: i64) -> Value {
    json!({ "minor": minor, "currency": "USD" })
}

pub(crate) async fn status_of(response: Response) -> String {
    let body: Value = response.json().await.unwrap();
    body["status"].as_str().unwrap_or_default().to_owned()
}

pub(crate) async fn code_of(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}
