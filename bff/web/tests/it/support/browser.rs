//! Keeps a cookie and asks as a page of the shop does.

use std::collections::BTreeMap;
use std::sync::Mutex;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// One browser, or one tab of it.
pub(crate) struct Browser {
    client: Client,
    url: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub(crate) fn at(url: &str) -> Self {
        let url = format!("{url}/graphql");
        Self { client: Client::new(), url, cookies: Mutex::default() }
    }

    /// The same browser's other tab, with the cookies of this moment.
    pub(crate) fn tab(&self) -> Self {
        let cookies = Mutex::new(self.cookies.lock().unwrap().clone());
        Self { client: self.client.clone(), url: self.url.clone(), cookies }
    }

    /// What it sends with every request.
    pub(crate) fn cookie(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The answer to one operation.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        self.ask_with(query, json!({})).await
    }

    pub(crate) async fn ask_with(&self, query: &str, variables: Value) -> Value {
        let response = self.send(&json!({ "query": query, "variables": variables })).await;
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    /// Sends a body as the pages do.
    pub(crate) async fn send(&self, body: &Value) -> Response {
        self.sent(self.post().json(body)).await
    }

    /// A request as the pages send it, without a body yet.
    pub(crate) fn post(&self) -> RequestBuilder {
        self.client.post(&self.url).header("x-csrf", "1")
    }

    /// A request with nothing but an address.
    pub(crate) fn bare(&self) -> RequestBuilder {
        self.client.post(&self.url)
    }

    /// Another address of the BFF.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url.replace("/graphql", path))
    }

    /// Listens as an `EventSource` does.
    pub(crate) async fn listen(&self, query: &str) -> Response {
        let url = reqwest::Url::parse_with_params(&self.url, [("query", query)]).unwrap();
        self.sent(self.client.get(url).header("accept", "text/event-stream")).await
    }

    /// Sends it with the cookies and keeps those that come back.
    pub(crate) async fn sent(&self, request: RequestBuilder) -> Response {
        let response = self.sent_elsewhere(request).await;
        self.keep(&response);
        response
    }

    /// Sends it with the cookies of this moment; what comes back is kept when somebody says so.
    pub(crate) async fn sent_elsewhere(&self, request: RequestBuilder) -> Response {
        let request = match self.cookie() {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// Keeps the cookies of an answer.
    pub(crate) fn keep(&self, response: &Response) {
        for set in response.headers().get_all("set-cookie") {
            let (pair, rest) = set.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if rest.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
