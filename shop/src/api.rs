//! Talking to a running shop as its users do: JSON over HTTP, with errors that say what was asked.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use storefront::manifest::Manifest;

/// Longer than a pool needs to notice that its connections are from before a restart.
const BACK_WITHIN: Duration = Duration::from_secs(5);
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// A running shop, as seen from outside.
#[derive(Debug, Clone)]
pub struct Api {
    http: reqwest::Client,
    manifest: Manifest,
}

/// An answer: its status and its JSON, null when there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// How it was answered.
    pub status: StatusCode,
    /// What was answered.
    pub body: Value,
    asked: String,
}

impl Answer {
    /// The body, when the answer is a success.
    ///
    /// # Errors
    /// When it is not; the error shows the problem document.
    pub fn ok(self) -> anyhow::Result<Value> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        bail!("{} answered {}: {}", self.asked, self.status, self.body)
    }

    /// A text of the body at a JSON pointer.
    ///
    /// # Errors
    /// When there is none.
    pub fn text(&self, pointer: &str) -> anyhow::Result<&str> {
        text(&self.body, pointer).with_context(|| format!("in the answer to {}", self.asked))
    }
}

/// A text in a JSON value at a pointer.
///
/// # Errors
/// When there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> anyhow::Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("no text at {pointer} in {value}"))
}

impl Api {
    /// Finds the shop at `url`.
    ///
    /// # Errors
    /// When no shop answers there.
    pub async fn find(url: &str) -> anyhow::Result<Self> {
        // The provider's slow card takes seconds; nothing else should come near this.
        let patience = Duration::from_secs(20);
        let http = reqwest::Client::builder().no_proxy().timeout(patience).build()?;
        let manifest = Manifest::fetch(&http, url).await?;
        Ok(Self { http, manifest })
    }

    /// Where its services are.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads from one replica of a service.
    ///
    /// # Errors
    /// When it does not answer; an answer that is no success is no error.
    pub async fn get(
        &self,
        service: &str,
        path: &str,
        token: Option<&str>,
    ) -> anyhow::Result<Answer> {
        self.call(Method::GET, service, path, token, None).await
    }

    /// Sends a body to one replica of a service, under an idempotency key of its own.
    ///
    /// # Errors
    /// When it does not answer; an answer that is no success is no error.
    pub async fn send(
        &self,
        method: Method,
        service: &str,
        path: &str,
        token: Option<&str>,
        body: &Value,
    ) -> anyhow::Result<Answer> {
        self.call(method, service, path, token, Some(body)).await
    }

    async fn call(
        &self,
        method: Method,
        service: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let url = format!("{}{path}", self.manifest.one(service)?);
        let asked = format!("{method} {url}");
        let mut request = self.http.request(method, &url);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.header("idempotency-key", Uuid::new_v4().to_string()).json(body);
        }
        answer(request, asked).await
    }
}

/// Asks again while the answer is that it cannot be given now: a store that was restarted is back
/// within that time. The same request, and so the same idempotency key.
async fn answer(request: RequestBuilder, asked: String) -> anyhow::Result<Answer> {
    let began = Instant::now();
    loop {
        let again = request.try_clone().with_context(|| format!("{asked} cannot be repeated"))?;
        let answer = answer_once(again, asked.clone()).await?;
        let is_away = answer.status == StatusCode::SERVICE_UNAVAILABLE;
        if !is_away || began.elapsed() > BACK_WITHIN {
            return Ok(answer);
        }
        tokio::time::sleep(ASK_AGAIN_AFTER).await;
    }
}

async fn answer_once(request: RequestBuilder, asked: String) -> anyhow::Result<Answer> {
    let response = request.send().await.with_context(|| format!("{asked} got no answer"))?;
    let status = response.status();
    let bytes = response.bytes().await.with_context(|| format!("{asked} broke off"))?;
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes)? };
    Ok(Answer { status, body, asked })
}
