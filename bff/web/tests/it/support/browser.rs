//! Keeps a cookie and asks as a page of the shop does.

use std::sync::Mutex;

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};

/// One browser, or one tab of it.
pub(crate) struct Browser {
    client: Client,
    url: String,
    cookie: Mutex<Option<String>>,
}

impl Browser {
    pub(crate) fn at(url: &str) -> Self {
        let url = format!("{url}/graphql");
        Self { client: Client::new(), url, cookie: Mutex::new(None) }
    }

    /// The same browser's other tab, with the cookie of this moment.
    pub(crate) fn tab(&self) -> Self {
        let cookie = Mutex::new(self.cookie());
        Self { client: self.client.clone(), url: self.url.clone(), cookie }
    }

    pub(crate) fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
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

    /// Listens as an `EventSource` does.
    pub(crate) async fn listen(&self, query: &str) -> Response {
        let url = reqwest::Url::parse_with_params(&self.url, [("query", query)]).unwrap();
        self.sent(self.client.get(url).header("accept", "text/event-stream")).await
    }

    /// Sends it with the cookie and keeps the one that comes back.
    pub(crate) async fn sent(&self, request: RequestBuilder) -> Response {
        let request = match self.cookie() {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        };
        let response = request.send().await.unwrap();
        if let Some(set) = response.headers().get("set-cookie") {
            let set = set.to_str().unwrap();
            let (pair, rest) = set.split_once(';').unwrap();
            let gone = rest.contains("Max-Age=0");
            *self.cookie.lock().unwrap() = (!gone).then(|| pair.to_owned());
        }
        response
    }
}
