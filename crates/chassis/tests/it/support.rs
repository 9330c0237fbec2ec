//! A small service on the chassis.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::web::{self, Json, Path, Query};
use actix_web::{HttpResponse, delete, get, post};
use async_trait::async_trait;
use chassis::auth::{
    Guest, Operator, OptionalShopper, Reader, Role, ServiceOrOperator, Shopper, SignedInCustomer,
    Subject, TokenSigner, Verifier,
};
use chassis::config::HttpConfig;
use chassis::health::{Health, Store};
use chassis::{Phase, Problem, Server, Service, TaskSet, Valid};
use chrono::TimeDelta;
use futures::stream;
use garde::Validate;
use serde::Deserialize;
use shop_kernel::{Clock as _, CustomerId, GuestId, OrderId, SystemClock};
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) const BOUND: Duration = Duration::from_secs(10);

pub(crate) const EXAMPLE: Service = Service {
    name: "example",
    version: "1.2.3",
    commit: None,
    summary: "An example.",
    defaults: "",
    routes,
};

fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(read_thing)
        .service(make_thing)
        .service(delete_things)
        .service(fail)
        .service(crash)
        .service(echo_id)
        .service(wait_at_gate)
        .service(leave_work)
        .service(trickle)
        .service(as_customer)
        .service(as_guest)
        .service(as_shopper)
        .service(as_optional_shopper)
        .service(as_operator)
        .service(as_service)
        .service(as_reader);
}

#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MakeThing {
    #[garde(length(min = 1, max = 5))]
    name: String,
    #[garde(dive)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize, Validate, utoipa::ToSchema)]
struct Part {
    #[garde(range(min = 1))]
    count: u32,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
struct Page {
    limit: Option<u8>,
}

#[utoipa::path(params(Page))]
#[get("/things/{id}")]
async fn read_thing(id: Path<OrderId>, page: Query<Page>) -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "id": *id, "limit": page.limit }))
}

#[utoipa::path(request_body = MakeThing)]
#[post("/things")]
async fn make_thing(body: Valid<Json<MakeThing>>) -> HttpResponse {
    let Valid(Json(thing)) = body;
    let parts: u32 = thing.parts.iter().map(|part| part.count).sum();
    HttpResponse::Created().json(serde_json::json!({ "name": thing.name, "parts": parts }))
}

#[utoipa::path]
#[delete("/things")]
async fn delete_things() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[utoipa::path]
#[get("/fail")]
async fn fail() -> Result<HttpResponse, Problem> {
    Err(sea_orm::DbErr::Custom("the password is hunter2".to_owned()).into())
}

#[utoipa::path]
#[get("/crash")]
async fn crash() -> HttpResponse {
    panic!("the password is hunter2")
}

#[utoipa::path]
#[get("/echo-id")]
async fn echo_id() -> String {
    chassis::http::request::current_id().unwrap_or_default()
}

/// Lets a test hold a request in the middle.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    pub(crate) reached: AtomicBool,
    pub(crate) open: tokio::sync::Notify,
    pub(crate) passed: AtomicBool,
}

/// Starts what outlives its request, as a pool or a client does.
#[utoipa::path]
#[get("/leave-work")]
async fn leave_work(gate: web::Data<Gate>) -> &'static str {
    #[expect(clippy::disallowed_methods, reason = "ends with the runtime of its test")]
    tokio::spawn(async move {
        gate.open.notified().await;
        gate.passed.store(true, Ordering::SeqCst);
    });
    "left"
}

#[utoipa::path]
#[get("/gate")]
async fn wait_at_gate(gate: web::Data<Gate>) -> &'static str {
    gate.reached.store(true, Ordering::SeqCst);
    gate.open.notified().await;
    "passed"
}

/// Three bytes, one each time the gate opens.
#[utoipa::path]
#[get("/trickle")]
async fn trickle(gate: web::Data<Gate>) -> HttpResponse {
    HttpResponse::Ok().streaming(stream::unfold((gate, 3), async |(gate, left)| {
        let left = u8::checked_sub(left, 1)?;
        gate.open.notified().await;
        Some((Ok::<_, Infallible>(web::Bytes::from_static(b".")), (gate, left)))
    }))
}

#[utoipa::path]
#[get("/as/customer")]
async fn as_customer(customer: SignedInCustomer) -> String {
    customer.id.to_string()
}

#[utoipa::path]
#[get("/as/guest")]
async fn as_guest(guest: Guest) -> String {
    guest.0.to_string()
}

#[utoipa::path]
#[get("/as/shopper")]
async fn as_shopper(shopper: Shopper) -> String {
    format!("{shopper:?}")
}

#[utoipa::path]
#[get("/as/optional-shopper")]
async fn as_optional_shopper(shopper: OptionalShopper) -> String {
    format!("{:?}", shopper.0)
}

#[utoipa::path]
#[get("/as/operator")]
async fn as_operator(operator: Operator) -> String {
    operator.0.to_string()
}

#[utoipa::path]
#[get("/as/service")]
async fn as_service(caller: ServiceOrOperator) -> String {
    caller.0.to_string()
}

#[utoipa::path]
#[get("/as/reader")]
async fn as_reader(reader: Reader) -> String {
    format!("{reader:?}")
}

/// A store that can be switched off, and counts how often it is asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Switch {
    pub(crate) off: Arc<AtomicBool>,
    pub(crate) asked: Arc<AtomicUsize>,
}

#[async_trait]
impl Store for Switch {
    async fn is_up(&self) -> bool {
        self.asked.fetch_add(1, Ordering::SeqCst);
        !self.off.load(Ordering::SeqCst)
    }
}

/// The example service, running.
pub(crate) struct Example {
    pub(crate) address: SocketAddr,
    pub(crate) signer: TokenSigner,
    pub(crate) store: Switch,
    pub(crate) gate: Arc<Gate>,
    pub(crate) tasks: TaskSet,
    http: reqwest::Client,
}

impl Example {
    pub(crate) async fn start() -> Self {
        let signer = TokenSigner::generate().unwrap();
        let verifier = Verifier::with_keys(&signer.jwks(), Arc::new(SystemClock));
        Self::start_with(signer, Arc::new(verifier)).await
    }

    pub(crate) async fn start_with(signer: TokenSigner, verifier: Arc<Verifier>) -> Self {
        let store = Switch::default();
        let health = Health::of(store.clone())
            .with_keys(Arc::clone(&verifier))
            .reporting("broker", || false);
        let server = Server::bind(&EXAMPLE, &http_config(), Arc::new(health)).unwrap();
        let address = server.address();
        let mut tasks = TaskSet::new(EXAMPLE.name);
        let gate = Arc::new(Gate::default());
        let server = server.data(verifier).data(Arc::clone(&gate));
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        let example = Self { address, signer, store, gate, tasks, http: client() };
        testkit::eventually(BOUND, || async { example.get("/health/live").await.status() == 200 })
            .await;
        example
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, self.url(path))
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.request(reqwest::Method::GET, path).send().await.unwrap()
    }

    pub(crate) async fn get_as(&self, path: &str, token: &str) -> reqwest::Response {
        self.request(reqwest::Method::GET, path).bearer_auth(token).send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> reqwest::Response {
        self.request(reqwest::Method::POST, path)
            .header("content-type", "application/json")
            .body(body.to_owned())
            .send()
            .await
            .unwrap()
    }

    pub(crate) fn customer(&self) -> String {
        self.token(Subject::Customer(CustomerId::generate()), &[Role::Customer])
    }

    pub(crate) fn guest(&self) -> String {
        self.token(Subject::Guest(GuestId::generate()), &[Role::Guest])
    }

    pub(crate) fn operator(&self) -> String {
        self.token(Subject::Customer(CustomerId::generate()), &[Role::Operator])
    }

    pub(crate) fn service(&self) -> String {
        self.token(Subject::Service("order".to_owned()), &[Role::Service])
    }

    pub(crate) fn token(&self, subject: Subject, roles: &[Role]) -> String {
        token(&self.signer, subject, roles)
    }
}

pub(crate) fn token(signer: &TokenSigner, subject: Subject, roles: &[Role]) -> String {
    signer.token(subject, roles, SystemClock.now(), TimeDelta::minutes(15)).unwrap()
}

pub(crate) fn client() -> reqwest::Client {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    reqwest::Client::new()
}

pub(crate) fn http_config() -> HttpConfig {
    HttpConfig { bind: "127.0.0.1:0".to_owned(), workers: 1, public_url: None }
}
