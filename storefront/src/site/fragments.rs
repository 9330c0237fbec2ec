//! Fragments that have servers of their own: the shell learns at run time what each has.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use anyhow::{Context as _, bail, ensure};
use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::listing::Bundle;
use super::part::Part;
use super::relay::pass_on;
use crate::fragment::PART;

/// A part is a few kilobytes, from a neighbour.
const PATIENCE: Duration = Duration::from_secs(2);
/// Nobody's part is longer; a server that is none of ours may send anything.
const LONGEST: usize = 256 * 1024;

/// The fragments' servers, and what each said last.
#[derive(Debug, Default)]
pub struct Fragments {
    client: reqwest::Client,
    /// Base URLs by name.
    servers: BTreeMap<String, String>,
    /// By name. What is here stays while a server is away: its files may be in caches, and its pages in use.
    parts: RwLock<BTreeMap<String, Part>>,
}

impl Fragments {
    /// Takes a list as `catalog-ui=http://catalog-ui:8080,orders-ui=http://…`.
    ///
    /// # Errors
    /// When it is no such list.
    pub fn parse(list: &str) -> anyhow::Result<Self> {
        let mut servers = BTreeMap::new();
        for entry in list.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (name, url) = entry.split_once('=').with_context(|| {
                format!("{entry} is no fragment: write catalog-ui=http://catalog-ui:8080")
            })?;
            ensure!(url.starts_with("http"), "{url} is no address of a fragment");
            servers.insert(name.to_owned(), url.trim_end_matches('/').to_owned());
        }
        let client = reqwest::Client::builder().timeout(PATIENCE).build();
        let client = client.context("cannot make a client for the fragments")?;
        Ok(Self { client, servers, parts: RwLock::default() })
    }

    /// Asks each server once. Who does not answer, or with nonsense, keeps the part it had.
    pub async fn refresh(&self) {
        join_all(self.servers.iter().map(|(name, url)| async move {
            match self.ask(name, url).await {
                Ok(part) => self.take(name, part),
                Err(error) => tracing::warn!(fragment = name, "no part of the manifest: {error:#}"),
            }
        }))
        .await;
    }

    /// Refreshes again and again, until told to stop.
    pub async fn keep_fresh(&self, every: Duration, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(every)).await.is_some() {
            self.refresh().await;
        }
    }

    /// Those that were never heard of.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        self.servers.keys().filter(|name| !parts.contains_key(*name)).map(String::as_str).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.servers.is_empty()
    }

    /// By tag.
    pub(super) fn bundles(&self) -> BTreeMap<String, Bundle> {
        let parts = self.parts.read().unwrap_or_else(PoisonError::into_inner);
        parts.values().map(|part| (part.tag.clone(), part.bundle.clone())).collect()
    }

    /// The answer of the server whose file this is, for who comes here past the gateway.
    pub(super) async fn file(&self, request: &HttpRequest, name: &str) -> Option<HttpResponse> {
        let is_its = |fragment: &String| {
            name.strip_prefix(fragment.as_str()).is_some_and(|rest| rest.starts_with('-'))
        };
        let (_, url) = self.servers.iter().find(|(fragment, _)| is_its(fragment))?;
        Some(pass_on(&self.client, url, request, web::Bytes::new()).await)
    }

    async fn ask(&self, name: &str, url: &str) -> anyhow::Result<Part> {
        let mut answer = self.client.get(format!("{url}/{PART}")).send().await?;
        answer.error_for_status_ref()?;
        let mut text = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            ensure!(text.len() + chunk.len() <= LONGEST, "it is too long");
            text.extend_from_slice(&chunk);
        }
        let part: Part = serde_json::from_slice(&text).context("it cannot be read")?;
        if let Some(fault) = part.fault(name) {
            bail!(fault);
        }
        Ok(part)
    }

    fn take(&self, name: &str, part: Part) {
        let mut parts = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        let wasm = part.bundle.wasm.url.clone();
        let before = parts.insert(name.to_owned(), part);
        if before.is_none_or(|before| before.bundle.wasm.url != wasm) {
            tracing::info!(fragment = name, wasm, "another build of a fragment is served");
        }
    }
}
