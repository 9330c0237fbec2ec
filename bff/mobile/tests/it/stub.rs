//! A stand-in for a service: answers as it is told, and remembers what it was asked.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::{Bytes, Data, to};
use actix_web::{HttpRequest, HttpResponse};
use chassis::config::HttpConfig;
use chassis::health::{Health, NoStore};
use chassis::{Phase, Server, Service, TaskSet};
use serde_json::{Value, json};
use utoipa_actix_web::service_config::ServiceConfig;

const STUB: Service = Service {
    name: "stub",
    version: "0",
    commit: None,
    summary: "",
    defaults: "",
    routes: stub_routes,
};

fn stub_routes(config: &mut ServiceConfig<'_>) {
    config.route("/{any:.*}", to(answer));
}

/// What it answers with.
#[derive(Debug, Clone)]
struct Told {
    status: u16,
    body: Value,
    /// The only token that gets it; any other gets 404.
    owner: Option<String>,
}

/// What it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) line: String,
    headers: HashMap<String, String>,
    pub(crate) body: Value,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

#[derive(Debug, Default)]
struct Script {
    told: Mutex<HashMap<String, Told>>,
    asked: Mutex<Vec<Asked>>,
    is_away: AtomicBool,
    is_stuck: AtomicBool,
}

/// A service that is none.
pub(crate) struct Stub {
    pub(crate) url: String,
    script: Arc<Script>,
    _tasks: TaskSet,
}

impl Stub {
    pub(crate) fn start() -> Self {
        let config = HttpConfig { bind: "127.0.0.1:0".to_owned(), workers: 1, public_url: None };
        let script = Arc::new(Script::default());
        let server = Server::bind(&STUB, &config, Arc::new(Health::of(NoStore))).unwrap();
        let server = server.data(Arc::clone(&script));
        let url = format!("http://{}", server.address());
        let mut tasks = TaskSet::new(STUB.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        Self { url, script, _tasks: tasks }
    }

    /// Answers requests like `GET /products` with 200 and this, whatever their query.
    pub(crate) fn on(&self, line: &str, body: Value) -> &Self {
        self.tell(line, 200, body, None)
    }

    /// Answers only whoever shows this token.
    pub(crate) fn on_of(&self, token: &str, line: &str, body: Value) -> &Self {
        self.tell(line, 200, body, Some(token.to_owned()))
    }

    /// Refuses.
    pub(crate) fn refuse(&self, line: &str, status: u16, code: &str, more: Value) -> &Self {
        let mut body = json!({ "status": status, "code": code, "detail": "no" });
        body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.tell(line, status, body, None)
    }

    fn tell(&self, line: &str, status: u16, body: Value, owner: Option<String>) -> &Self {
        let told = Told { status, body, owner };
        self.script.told.lock().unwrap().insert(line.to_owned(), told);
        self
    }

    /// From now on nobody gets an answer from it.
    pub(crate) fn goes_away(&self) {
        self.script.is_away.store(true, Ordering::SeqCst);
    }

    /// From now on it takes requests and never answers.
    pub(crate) fn gets_stuck(&self) {
        self.script.is_stuck.store(true, Ordering::SeqCst);
    }

    pub(crate) fn comes_back(&self) {
        self.script.is_away.store(false, Ordering::SeqCst);
        self.script.is_stuck.store(false, Ordering::SeqCst);
    }

    /// What it was asked whose line begins like that.
    pub(crate) fn asked(&self, line: &str) -> Vec<Asked> {
        let asked = self.script.asked.lock().unwrap();
        asked.iter().filter(|asked| asked.line.starts_with(line)).cloned().collect()
    }
}

async fn answer(request: HttpRequest, body: Bytes, script: Data<Script>) -> HttpResponse {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| {
        (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned())
    });
    let headers: HashMap<_, _> = headers.collect();
    let line = format!("{} {}", request.method(), request.uri());
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let path = format!("{} {}", request.method(), request.path());
    let token = headers.get("authorization").cloned().unwrap_or_default();
    script.asked.lock().unwrap().push(Asked { line, headers, body });
    if script.is_stuck.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    if script.is_away.load(Ordering::SeqCst) {
        return HttpResponse::ServiceUnavailable().finish();
    }
    let told = script.told.lock().unwrap().get(&path).cloned();
    let is_theirs =
        |told: &Told| told.owner.as_ref().is_none_or(|owner| token == format!("Bearer {owner}"));
    let told = told.filter(is_theirs).unwrap_or_else(|| Told {
        status: 404,
        body: json!({ "status": 404, "code": "order-unknown", "detail": "no such thing" }),
        owner: None,
    });
    let status = actix_web::http::StatusCode::from_u16(told.status).unwrap();
    let mut answer = HttpResponse::build(status);
    if told.status == 429 {
        answer.insert_header(("retry-after", "17"));
    }
    answer.json(told.body)
}
