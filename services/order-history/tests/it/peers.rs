//! Stand-ins for the peers: identity's keys and tokens, and the producers' feeds.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, get, post};
use chassis::auth::{JwkSet, Role, ServiceOrOperator, Subject, TokenSigner, Verifier};
use chassis::health::{Health, Store};
use chassis::{Phase, Problem, Server, Service, TaskSet};
use chassis_messaging::feed::{FeedItem, FeedPage};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;
use shop_contracts::RawEnvelope;
use shop_kernel::{Clock as _, ManualClock};
use utoipa_actix_web::service_config::ServiceConfig;

const PEERS: Service = Service {
    name: "peers",
    version: "0",
    commit: None,
    summary: "Everyone the read model asks.",
    defaults: "",
    routes,
};

fn routes(config: &mut ServiceConfig<'_>) {
    config.service(keys).service(service_token).service(feed);
}

/// All peers in one small server.
#[derive(Debug)]
pub(crate) struct Peers {
    address: SocketAddr,
    published: Arc<Published>,
    _tasks: TaskSet,
}

/// What the producers have published.
#[derive(Debug, Default)]
struct Published {
    by_producer: Mutex<HashMap<String, Vec<RawEnvelope>>>,
    is_away: AtomicBool,
}

struct Issuer {
    signer: TokenSigner,
    clock: Arc<ManualClock>,
}

struct Up;

#[async_trait::async_trait]
impl Store for Up {
    async fn is_up(&self) -> bool {
        true
    }
}

impl Peers {
    pub(crate) async fn start(signer: &TokenSigner, clock: &Arc<ManualClock>) -> Self {
        let config = chassis::config::HttpConfig {
            bind: "127.0.0.1:0".to_owned(),
            workers: 1,
            public_url: None,
        };
        let published = Arc::new(Published::default());
        let issuer = Issuer { signer: signer.clone(), clock: Arc::clone(clock) };
        let verifier = Verifier::with_keys(&signer.jwks(), Arc::clone(clock) as _);
        let server = Server::bind(&PEERS, &config, Arc::new(Health::of(Up)))
            .unwrap()
            .data(Arc::clone(&published))
            .data(Arc::new(verifier))
            .data(Arc::new(issuer));
        let address = server.address();
        let mut tasks = TaskSet::new(PEERS.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        Self { address, published, _tasks: tasks }
    }

    pub(crate) fn url(&self, peer: &str) -> String {
        format!("http://{}/{peer}", self.address)
    }

    /// Puts a message into the feed of its producer.
    pub(crate) fn publish(&self, said: &RawEnvelope) {
        let producer = said.source.trim_start_matches('/').to_owned();
        let mut feeds = self.published.by_producer.lock().unwrap();
        feeds.entry(producer).or_default().push(said.clone());
    }

    /// Lets the feeds answer, or not.
    pub(crate) fn go_away(&self, is_away: bool) {
        self.published.is_away.store(is_away, Ordering::SeqCst);
    }
}

#[utoipa::path]
#[get("/identity/.well-known/jwks.json")]
async fn keys(issuer: Data<Issuer>) -> Json<JwkSet> {
    Json(issuer.signer.jwks())
}

#[utoipa::path]
#[post("/identity/tokens/service")]
async fn service_token(issuer: Data<Issuer>) -> HttpResponse {
    let (subject, lives) = (Subject::Service("order-history".to_owned()), TimeDelta::minutes(5));
    let now = issuer.clock.now();
    let token = issuer.signer.token(subject, &[Role::Service], now, lives).unwrap();
    HttpResponse::Ok().json(json!({ "access_token": token, "expires_in": 300 }))
}

#[derive(Deserialize)]
struct From {
    after: i64,
    limit: usize,
}

#[utoipa::path]
#[get("/{producer}/feed")]
async fn feed(
    _reader: ServiceOrOperator,
    producer: Path<String>,
    from: Query<From>,
    published: Data<Published>,
) -> Result<Json<FeedPage>, Problem> {
    if published.is_away.load(Ordering::SeqCst) {
        return Err(Problem::unavailable("away", "come again"));
    }
    let feeds = published.by_producer.lock().unwrap();
    let messages = feeds.get(producer.as_str()).map_or(&[][..], Vec::as_slice);
    // Small pages, so that a rebuild has to go on several times.
    let limit = from.limit.min(7);
    let numbered = messages.iter().cloned().zip(1_i64..);
    let items = numbered.map(|(message, no)| FeedItem { no, message });
    let items: Vec<_> = items.filter(|item| item.no > from.after).take(limit).collect();
    let next_after = items.last().map_or(from.after, |item| item.no);
    let is_end = i64::try_from(messages.len()).unwrap() == next_after;
    Ok(Json(FeedPage { items, next_after, is_end }))
}
