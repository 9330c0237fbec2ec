//! Talking to the running shop where no time is measured: JSON over HTTP.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;
use xtask::local_shop::LocalShop;
use xtask::shop_env::KINDS;

/// Nothing here takes seconds on a machine that is not overwhelmed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The account that may count stock and look into services; the shop plants it.
const OPERATOR: (&str, &str) = ("operator@example.org", "demo-operator-2026");

/// A running shop, seen from outside.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    addresses: BTreeMap<&'static str, String>,
}

impl Api {
    /// The services of this shop.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn of(shop: &LocalShop) -> Result<Self> {
        let first = |kind: xtask::shop_env::Kind| {
            shop.addresses(kind.name).first().map(|url| (kind.name, url.clone()))
        };
        let addresses = KINDS.into_iter().filter_map(first).collect();
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { http, addresses })
    }

    /// The base URL of a service.
    ///
    /// # Errors
    /// When the shop has none of this name.
    pub fn url(&self, service: &str) -> Result<&str> {
        let url = self.addresses.get(service).map(String::as_str);
        url.with_context(|| format!("the shop runs no {service}"))
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn get(&self, service: &str, path: &str, token: Option<&str>) -> Result<Value> {
        self.call(Method::GET, service, path, token, None).await
    }

    /// Sends JSON, under an idempotency key of its own.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn send(
        &self,
        method: Method,
        service: &str,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> Result<Value> {
        self.call(method, service, path, token, Some(body)).await
    }

    /// Signs in as the operator; the token lasts for minutes only.
    ///
    /// # Errors
    /// When the shop does not know the demo's operator.
    pub async fn operator(&self) -> Result<String> {
        let (email, password) = OPERATOR;
        let body = serde_json::json!({"email": email, "password": password});
        let session = self.send(Method::POST, "identity", "/sessions", None, &body).await?;
        text(&session, "/access_token").map(str::to_owned)
    }

    async fn call(
        &self,
        method: Method,
        service: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value> {
        let asked = format!("{method} {path} of {service}");
        let mut request = self.http.request(method, format!("{}{path}", self.url(service)?));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("idempotency-key", Uuid::new_v4().to_string()).json(body);
        }
        answer(request).await.with_context(|| asked)
    }
}

async fn answer(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await.context("no answer")?;
    let status = response.status();
    let body = response.text().await.context("the answer broke off")?;
    if !status.is_success() {
        bail!("answered {status}: {body}");
    }
    serde_json::from_str(&body).with_context(|| format!("the answer is not JSON: {body}"))
}

/// A text inside JSON, at a JSON pointer.
///
/// # Errors
/// When there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("no text at {pointer} in {value}"))
}

/// A list inside JSON, at a JSON pointer.
///
/// # Errors
/// When there is none.
pub fn list<'a>(value: &'a Value, pointer: &str) -> Result<&'a [Value]> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).with_context(|| format!("no list at {pointer} in {value}"))
}
