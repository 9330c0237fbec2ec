//! A running identity and what people do with it.

use std::sync::Arc;

use identity::{Application, Config, SERVICE};
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};
use shop_kernel::ManualClock;
use testkit::TestDb;

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const ORDER_SECRET: &str = "a secret of the order service";

/// Patient with hashes, since many tests share two cores; each test that is about the limits sets
/// its own.
const SETTINGS: [(&str, &str); 6] = [
    ("http.bind", "127.0.0.1:0"),
    ("database.max_connections", "5"),
    ("hashing.wait_ms", "60000"),
    ("service_secrets.order", ORDER_SECRET),
    ("seed.enabled", "false"),
    ("telemetry.log", "off"),
];

pub(crate) struct TestApp {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) app: Application,
    pub(crate) db: TestDb,
    http: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Status and body without what differs from request to request.
    pub(crate) fn told(&self) -> (u16, Value) {
        let mut body = self.body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        (self.status, body)
    }
}

pub(crate) fn config(db: &TestDb, overrides: &[(&str, &str)]) -> Config {
    let mut settings = SETTINGS.to_vec();
    settings.push(("database.url", db.url()));
    settings.extend_from_slice(overrides);
    chassis::config::load_from(SERVICE.defaults, &settings).unwrap()
}

impl TestApp {
    pub(crate) async fn start(db: TestDb) -> Self {
        Self::start_with(db, &[]).await
    }

    pub(crate) async fn start_with(db: TestDb, overrides: &[(&str, &str)]) -> Self {
        let clock = Arc::new(ManualClock::default());
        let app = Application::build(config(&db, overrides), clock.clone()).await.unwrap();
        Self { clock, app, db, http: reqwest::Client::new() }
    }

    /// Another instance on the same store.
    pub(crate) async fn beside(&self) -> Application {
        Application::build(config(&self.db, &[]), self.clock.clone()).await.unwrap()
    }

    pub(crate) async fn store(&self) -> DatabaseConnection {
        Database::connect(self.db.url()).await.unwrap()
    }

    /// One text column of a table.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let store = self.store().await;
        let statement = Statement::from_string(store.get_database_backend(), sql);
        let rows = store.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.http.request(method, self.url(path));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn raw(&self, path: &str, content_type: &str, body: &'static str) -> Answer {
        let request = self.http.post(self.url(path)).header("content-type", content_type);
        read(request.body(body).send().await.unwrap()).await
    }

    pub(crate) async fn post_from(&self, client: &str, path: &str, body: Value) -> Answer {
        let request = self.http.post(self.url(path)).header("x-forwarded-for", client);
        read(request.json(&body).send().await.unwrap()).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.app.address())
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, None, Some(body)).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, Some(token), None).await
    }

    pub(crate) async fn register(&self, email: &str) -> Answer {
        let body = json!({ "email": email, "name": "Ada", "password": PASSWORD, "locale": "en" });
        self.post("/customers", body).await
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post("/sessions", json!({ "email": email, "password": password })).await
    }

    /// Registers and signs in.
    pub(crate) async fn ada(&self) -> Answer {
        self.register("ada@example.org").await;
        self.sign_in("ada@example.org", PASSWORD).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("/sessions/refresh", json!({ "refresh_token": token })).await
    }

    pub(crate) async fn rotate(&self, token: &str, at_once: bool) -> Answer {
        let body = Some(json!({ "at_once": at_once }));
        self.send(Method::POST, "/ops/keys/rotate", Some(token), body).await
    }
}

async fn read(response: reqwest::Response) -> Answer {
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    if status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE {
        let kind = headers.get("content-type").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(kind.as_deref(), Some("application/problem+json"), "{status} {body}");
    }
    Answer { status: status.as_u16(), headers, body }
}
