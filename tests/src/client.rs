//! Talking to a running shop from outside: one try, or again and again until there is an answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

/// A try that takes longer is given up, as a person would.
const TRY_PATIENCE: Duration = Duration::from_secs(10);
/// Between two tries: what a polite client leaves a server that is not well.
const PAUSE: Duration = Duration::from_millis(100);

/// A running shop, found through its `/.well-known/shop.json`.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    services: Arc<RwLock<BTreeMap<String, Vec<String>>>>,
    turn: Arc<AtomicUsize>,
    failures: Arc<AtomicUsize>,
}

/// A request to one of the services.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    method: Method,
    service: &'a str,
    path: String,
    token: Option<&'a str>,
    key: Option<&'a str>,
    body: Option<&'a Value>,
}

/// What came of one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    /// An answer with this status.
    Answered(u16),
    /// No connection, or one that broke off: nobody knows what happened.
    NoAnswer,
}

/// The answer to a request, with the tries it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its JSON; null where there is none.
    pub body: Value,
    /// Every try, the last one included.
    pub tries: Vec<Try>,
    asked: String,
}

#[derive(Deserialize)]
struct Manifest {
    services: BTreeMap<String, Vec<String>>,
}

impl<'a> Call<'a> {
    /// A request for `path` of a service, with its query.
    pub fn new(method: Method, service: &'a str, path: impl Into<String>) -> Self {
        Self { method, service, path: path.into(), token: None, key: None, body: None }
    }

    /// A `GET`.
    pub fn get(service: &'a str, path: impl Into<String>) -> Self {
        Self::new(Method::GET, service, path)
    }

    /// A `POST`.
    pub fn post(service: &'a str, path: impl Into<String>) -> Self {
        Self::new(Method::POST, service, path)
    }

    /// A `PUT`.
    pub fn put(service: &'a str, path: impl Into<String>) -> Self {
        Self::new(Method::PUT, service, path)
    }

    /// The same request with a bearer token.
    #[must_use]
    pub fn token(self, token: &'a str) -> Self {
        Self { token: Some(token), ..self }
    }

    /// The same request under an idempotency key.
    #[must_use]
    pub fn key(self, key: &'a str) -> Self {
        Self { key: Some(key), ..self }
    }

    /// The same request with a JSON body.
    #[must_use]
    pub fn json(self, body: &'a Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

impl Answer {
    /// The body, when the answer is a success.
    ///
    /// # Errors
    /// When it is not; the error shows what was answered instead.
    pub fn ok(self) -> Result<Value> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        bail!("{} answered {}: {}", self.asked, self.status, self.body)
    }
}

impl Client {
    /// Finds the shop whose start page is at `url`.
    ///
    /// # Errors
    /// When no shop answers there.
    pub async fn find(url: &str) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(TRY_PATIENCE).build()?;
        let (services, turn, failures) = Default::default();
        let client = Self { http, services, turn, failures };
        client.follow(url).await?;
        Ok(client)
    }

    /// Goes on with the same shop at other addresses; every clone does, in the middle of a retry.
    ///
    /// # Errors
    /// When no shop answers there.
    pub async fn follow(&self, url: &str) -> Result<()> {
        let at = format!("{url}/.well-known/shop.json");
        let answer = self.http.get(&at).send().await.context("no shop answers")?;
        let manifest: Manifest = answer.error_for_status()?.json().await?;
        *self.services.write().unwrap_or_else(PoisonError::into_inner) = manifest.services;
        Ok(())
    }

    /// The names of all services.
    #[must_use]
    pub fn services(&self) -> Vec<String> {
        self.services.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// The base URLs of a service; empty where the shop has none of that name.
    #[must_use]
    pub fn replicas(&self, service: &str) -> Vec<String> {
        let services = self.services.read().unwrap_or_else(PoisonError::into_inner);
        services.get(service).cloned().unwrap_or_default()
    }

    /// How many tries of all clones failed so far: how much of an outage was felt.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.failures.load(Ordering::Relaxed)
    }

    /// Asks once, the next replica in turn.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn ask(&self, call: &Call<'_>) -> Result<Answer> {
        let replicas = self.replicas(call.service);
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let base = replicas.get(turn % replicas.len().max(1));
        let base = base.with_context(|| format!("the shop runs no {}", call.service))?;
        let url = format!("{base}{}", call.path);
        let asked = format!("{} {url}", call.method);

        let mut request = self.http.request(call.method.clone(), &url);
        if let Some(token) = call.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = call.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = call.body {
            request = request.json(body);
        }
        let response = request.send().await.with_context(|| format!("{asked} got no answer"))?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.with_context(|| format!("{asked} broke off"))?;
        let body = match bytes.is_empty() {
            true => Value::Null,
            false => serde_json::from_slice(&bytes).with_context(|| format!("{asked}: no JSON"))?,
        };
        Ok(Answer { status, body, tries: vec![Try::Answered(status)], asked })
    }

    /// Asks until there is an answer that is no fault of the server's, always the same.
    ///
    /// # Errors
    /// When there is none within `patience`.
    pub async fn insist(&self, call: &Call<'_>, patience: Duration) -> Result<Answer> {
        let began = Instant::now();
        let mut tries = Vec::new();
        loop {
            let last = self.ask(call).await;
            if !last.as_ref().is_ok_and(|answer| answer.status < 500) {
                self.failures.fetch_add(1, Ordering::Relaxed);
            }
            tries.push(last.as_ref().map_or(Try::NoAnswer, |it| Try::Answered(it.status)));
            match last {
                Ok(answer) if answer.status < 500 => return Ok(Answer { tries, ..answer }),
                Ok(answer) if began.elapsed() > patience => {
                    answer.ok().with_context(|| format!("{} tries", tries.len()))?;
                }
                Err(error) if began.elapsed() > patience => {
                    return Err(error.context(format!("{} tries", tries.len())));
                }
                Ok(_) | Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

/// A text in a JSON value at a pointer.
///
/// # Errors
/// When there is none.
pub fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.with_context(|| format!("no text at {pointer} in {value}"))
}

/// A list in a JSON value at a pointer.
///
/// # Errors
/// When there is none.
pub fn list<'a>(value: &'a Value, pointer: &str) -> Result<&'a [Value]> {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.map(Vec::as_slice).with_context(|| format!("no list at {pointer} in {value}"))
}
