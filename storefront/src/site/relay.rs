//! The web BFF behind the shop's own address, which its cookie and its defences count on.

use std::time::Duration;

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use anyhow::Context as _;
use futures::TryStreamExt as _;
use serde_json::{Value, json};

const CONNECT: Duration = Duration::from_secs(2);
/// The first HTML waits for it.
const SOON: Duration = Duration::from_millis(500);
/// What belongs to one connection and is not passed on to the next (RFC 9110, 7.6.1).
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Passes requests on, and streams the answers back.
#[derive(Debug, Clone)]
pub struct Relay {
    client: reqwest::Client,
    /// Absent in a shop that runs none.
    url: Option<String>,
}

impl Relay {
    /// To the BFF there, if there is one.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn new(bff: Option<&str>) -> anyhow::Result<Self> {
        // No limit on the whole: an order's updates come for as long as somebody looks.
        let client = reqwest::Client::builder().no_proxy().connect_timeout(CONNECT).build();
        let client = client.context("cannot make a client for the web BFF")?;
        Ok(Self { client, url: bff.map(str::to_owned) })
    }

    /// Asks the BFF on behalf of nobody; `None` when it does not answer soon.
    pub(super) async fn ask(&self, query: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": query, "variables": variables });
        let question = self.client.post(format!("{}/graphql", self.url.as_ref()?));
        let question = question.header("x-csrf", "1").timeout(SOON).json(&body);
        question.send().await.ok()?.json().await.ok()
    }
}

/// One request to the BFF and its answer.
pub(super) async fn relay(
    request: HttpRequest,
    body: web::Bytes,
    relay: web::Data<Relay>,
) -> HttpResponse {
    let Some(url) = &relay.url else { return away() };
    pass_on(&relay.client, url, &request, body).await
}

/// Asks the same of another server.
pub(super) async fn pass_on(
    client: &reqwest::Client,
    url: &str,
    request: &HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let target = match request.uri().path_and_query() {
        Some(path) => format!("{url}{path}"),
        None => format!("{url}{}", request.path()),
    };
    let method = if request.method() == Method::GET {
        reqwest::Method::GET
    } else if request.method() == Method::POST {
        reqwest::Method::POST
    } else {
        return HttpResponse::MethodNotAllowed()
            .insert_header((header::ALLOW, "GET, POST"))
            .finish();
    };
    let mut onward = client.request(method, target).body(body);
    for (name, value) in request.headers() {
        if !HOP_BY_HOP.contains(&name.as_str()) {
            onward = onward.header(name.as_str(), value.as_bytes());
        }
    }
    if let Some(peer) = request.peer_addr() {
        onward = onward.header("x-forwarded-for", peer.ip().to_string());
    }
    let Ok(answer) = onward.send().await else { return away() };
    let status = StatusCode::from_u16(answer.status().as_u16());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::BAD_GATEWAY));
    for (name, value) in answer.headers() {
        if !HOP_BY_HOP.contains(&name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    response.streaming(answer.bytes_stream().map_err(actix_web::error::ErrorBadGateway))
}

fn away() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .content_type("application/problem+json")
        .body(r#"{"title":"The storefront's service does not answer.","status":503,"code":"unavailable"}"#)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    /// A test that asks the BFF once more, on a machine whose environment names a proxy.
    #[test]
    fn the_bff_is_asked_past_any_proxy() {
        let nowhere = "http://127.0.0.1:1";
        let name = "site::tests::what_the_shop_does_not_have_is_not_found";
        let again = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .envs([("HTTP_PROXY", nowhere), ("http_proxy", nowhere)])
            .envs([("NO_PROXY", ""), ("no_proxy", "")])
            .output()
            .unwrap();

        let said = String::from_utf8_lossy(&again.stdout);
        assert!(again.status.success() && said.contains("1 passed"), "{said}");
    }
}
