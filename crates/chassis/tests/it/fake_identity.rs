//! A stand-in for identity.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use actix_web::web::{self, Json};
use actix_web::{get, post};
use chassis::auth::JwkSet;
use chassis::health::Health;
use chassis::{Phase, Problem, Server, Service, TaskSet};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::support::{Switch, http_config};

/// Plays identity: publishes keys and grants service tokens, and counts how often it is asked.
pub(crate) struct FakeIdentity {
    pub(crate) address: SocketAddr,
    pub(crate) state: Arc<IdentityState>,
    _tasks: TaskSet,
}

pub(crate) struct IdentityState {
    pub(crate) keys: std::sync::Mutex<JwkSet>,
    pub(crate) keys_asked: AtomicUsize,
    pub(crate) tokens_asked: AtomicUsize,
    pub(crate) refuses: AtomicBool,
}

const IDENTITY: Service = Service {
    name: "identity",
    version: "0",
    commit: None,
    summary: "",
    defaults: "",
    routes: identity_routes,
};

fn identity_routes(config: &mut ServiceConfig<'_>) {
    config.service(publish_keys).service(grant_token).service(show_headers);
}

#[utoipa::path]
#[get("/.well-known/jwks.json")]
async fn publish_keys(state: web::Data<IdentityState>) -> Result<Json<JwkSet>, Problem> {
    state.keys_asked.fetch_add(1, Ordering::SeqCst);
    if state.refuses.load(Ordering::SeqCst) {
        return Err(Problem::unavailable("store-unavailable", "not now"));
    }
    Ok(Json(state.keys.lock().unwrap().clone()))
}

#[utoipa::path]
#[post("/tokens/service")]
async fn grant_token(
    ask: Json<serde_json::Value>,
    state: web::Data<IdentityState>,
) -> Result<Json<serde_json::Value>, Problem> {
    let no = state.tokens_asked.fetch_add(1, Ordering::SeqCst);
    if ask["secret"] == "slow to hash" {
        return Err(Problem::unavailable("passwords-busy", "not now").with("waiting", 9));
    }
    if ask["secret"] != "hush" {
        return Err(Problem::unauthorized("secret-wrong", "who are you?"));
    }
    Ok(Json(serde_json::json!({ "access_token": format!("token-{no}"), "expires_in": 900 })))
}

#[utoipa::path]
#[get("/headers")]
async fn show_headers(request: actix_web::HttpRequest) -> Json<serde_json::Value> {
    let header = |name: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    Json(serde_json::json!({
        "authorization": header("authorization"),
        "traceparent": header("traceparent"),
        "request_id": header("x-request-id"),
    }))
}

impl FakeIdentity {
    pub(crate) fn start(keys: JwkSet) -> Self {
        let state = Arc::new(IdentityState {
            keys: std::sync::Mutex::new(keys),
            keys_asked: AtomicUsize::new(0),
            tokens_asked: AtomicUsize::new(0),
            refuses: AtomicBool::new(false),
        });
        let health = Arc::new(Health::of(Switch::default()));
        let server = Server::bind(&IDENTITY, &http_config(), health).unwrap();
        let server = server.data(Arc::clone(&state));
        let address = server.address();
        let mut tasks = TaskSet::new(IDENTITY.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        Self { address, state, _tasks: tasks }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn peer(&self) -> chassis::peer::Peer {
        let client = chassis::peer::Client::new().unwrap();
        client.peer("identity", &self.url().as_str().into())
    }
}
