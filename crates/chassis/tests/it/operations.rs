//! What operators see of a service's messaging, and what they may do about it.

use std::sync::Arc;

use chassis::auth::{Role, Subject, TokenSigner, Verifier, migration};
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::{Phase, Server, Service, TaskSet};
use chassis_messaging::{Broker, EmbeddedBroker, EmbeddedOptions, Received, Relay, Wake};
use chassis_messaging::{inbox, outbox};
use reqwest::{Method, Response};
use sea_orm::DatabaseConnection;
use sea_orm_migration::MigrationTrait;
use serde_json::{Value, json};
use shop_contracts::RawEnvelope;
use shop_contracts::routing::PAYMENT_ORDERS;
use shop_kernel::{Clock as _, CustomerId, GuestId, OrderId, SystemClock};
use testkit::TestDb;
use uuid::Uuid;

use crate::support::{BOUND, client, http_config, token};

const PAYMENT: Service = Service {
    name: "payment",
    version: "0",
    commit: None,
    summary: "Has a queue.",
    defaults: "",
    routes: |config| {
        chassis::ops::routes(config);
        chassis::feed::routes(config);
        chassis::inbox::routes(config);
    },
};

fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = chassis_messaging::migrations();
    all.push(migration());
    all
}

struct Payment {
    base: String,
    http: reqwest::Client,
    signer: TokenSigner,
    store: DatabaseConnection,
    broker: Arc<dyn Broker>,
    _tasks: TaskSet,
    _folder: tempfile::TempDir,
}

impl Payment {
    async fn start(db: &TestDb) -> Self {
        let store = db.open(migrations).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broker.db");
        let broker: Arc<dyn Broker> =
            EmbeddedBroker::open(&path, EmbeddedOptions::default()).await.unwrap();
        let signer = TokenSigner::generate().unwrap();
        let verifier = Verifier::with_keys(&signer.jwks(), Arc::new(SystemClock));
        let operations = Operations::new(
            &PAYMENT,
            Some(store.clone()),
            Arc::clone(&broker),
            Arc::new(SystemClock),
        );
        let health = Arc::new(Health::of(store.clone()));
        let server = Server::bind(&PAYMENT, &http_config(), health).unwrap();
        let base = format!("http://{}", server.address());
        let server = server.data(Arc::new(verifier)).data(Arc::new(operations));
        let mut tasks = TaskSet::new(PAYMENT.name);
        tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
        Self { base, http: client(), signer, store, broker, _tasks: tasks, _folder: folder }
    }

    async fn call(&self, method: Method, path: &str, subject: Subject, role: Role) -> Response {
        let token = token(&self.signer, subject, &[role]);
        let url = format!("{}{path}", self.base);
        self.http.request(method, url).bearer_auth(token).send().await.unwrap()
    }

    async fn operate(&self, method: Method, path: &str) -> Response {
        let operator = Subject::Customer(CustomerId::generate());
        self.call(method, path, operator, Role::Operator).await
    }

    async fn see(&self, path: &str) -> Value {
        self.operate(Method::GET, path).await.json().await.unwrap()
    }

    async fn has_a_dead_letter(&self) -> Uuid {
        let message = placed(OrderId::generate(), CustomerId::generate());
        self.broker.publish(std::slice::from_ref(&message)).await.remove(0).unwrap();
        let mut subscription = self.broker.subscribe(PAYMENT_ORDERS, 1).await;
        let delivery = subscription.next().await;
        delivery.settle.reject("cannot be read").await.unwrap();
        message.id
    }
}

fn placed(order: OrderId, customer: CustomerId) -> RawEnvelope {
    serde_json::from_value(json!({
        "specversion": "1.0", "id": Uuid::now_v7(), "source": "/order",
        "type": "order.placed.v1", "subject": order, "time": SystemClock.now(),
        "datacontenttype": "application/json", "version": 1, "correlationid": order,
        "data": { "order": order, "customer": customer },
    }))
    .unwrap()
}

const ROUTES: [(&str, &str); 8] = [
    ("GET", "/ops/backlog"),
    ("GET", "/ops/dead-letters"),
    ("GET", "/ops/dead-letters/payment.orders/0190a0b1-c2d3-7000-8000-00000000000a"),
    ("POST", "/ops/dead-letters/payment.orders/replay"),
    ("POST", "/ops/dead-letters/payment.orders/0190a0b1-c2d3-7000-8000-00000000000a/replay"),
    ("DELETE", "/ops/dead-letters/payment.orders/0190a0b1-c2d3-7000-8000-00000000000a?note=old"),
    ("GET", "/ops/due-work"),
    ("POST", "/ops/due-work/0190a0b1-c2d3-7000-8000-00000000000a/reopen"),
];

#[tokio::test]
async fn only_operators_operate() {
    let db = TestDb::sqlite();
    let payment = Payment::start(&db).await;

    for (method, path) in ROUTES {
        let method = || Method::from_bytes(method.as_bytes()).unwrap();
        for (subject, role) in [
            (Subject::Customer(CustomerId::generate()), Role::Customer),
            (Subject::Guest(GuestId::generate()), Role::Guest),
            (Subject::Service("order".to_owned()), Role::Service),
        ] {
            let answer = payment.call(method(), path, subject, role).await;

            assert_eq!(answer.status(), 403, "{role:?} at {path}");
        }
        let url = format!("{}{path}", payment.base);
        let nobody = payment.http.request(method(), url).send().await.unwrap();
        assert_eq!(nobody.status(), 401, "nobody at {path}");
        let operator = payment.operate(method(), path).await.status();
        assert!(operator == 200 || operator == 404, "operator at {path}: {operator}");
    }
}

#[tokio::test]
async fn the_backlog_counts_what_waits() {
    for db in testkit::databases().await {
        let payment = Payment::start(&db).await;
        let message = placed(OrderId::generate(), CustomerId::generate());
        outbox::append(&payment.store, std::slice::from_ref(&message)).await.unwrap();
        payment.has_a_dead_letter().await;

        let backlog = payment.see("/ops/backlog").await;

        assert_eq!(backlog["outbox"]["pending"], 1);
        assert!(backlog["outbox"]["oldest"].is_string());
        assert_eq!(backlog["due_work"], json!({ "open": 0, "parked": 0 }));
        assert_eq!(backlog["queues"], json!([{ "name": "payment.orders", "ready": 0, "dead": 1 }]));
    }
}

#[tokio::test]
async fn a_dead_letter_is_shown_with_its_reason_and_replayed() {
    let db = TestDb::sqlite();
    let payment = Payment::start(&db).await;
    let id = payment.has_a_dead_letter().await;
    let path = format!("/ops/dead-letters/payment.orders/{id}");

    let listed = payment.see("/ops/dead-letters?queue=payment.orders").await;
    let shown = payment.see(&path).await;
    let replayed = payment.operate(Method::POST, &format!("{path}/replay")).await;
    let again = payment.operate(Method::POST, &format!("{path}/replay")).await;

    assert_eq!(listed["items"], json!([shown]));
    assert_eq!(shown["reason"], "cannot be read");
    assert_eq!(shown["queue"], "payment.orders");
    assert_eq!(shown["body"]["type"], "order.placed.v1");
    assert_eq!(replayed.json::<Value>().await.unwrap(), json!({ "replayed": 1 }));
    assert_eq!(again.status(), 404);
    assert_eq!(payment.see("/ops/backlog").await["queues"][0]["ready"], 1);
}

#[tokio::test]
async fn all_dead_letters_of_a_queue_are_replayed_at_once() {
    let db = TestDb::sqlite();
    let payment = Payment::start(&db).await;
    payment.has_a_dead_letter().await;
    payment.has_a_dead_letter().await;

    let path = "/ops/dead-letters/payment.orders/replay";
    let replayed = payment.operate(Method::POST, path).await;

    assert_eq!(replayed.json::<Value>().await.unwrap(), json!({ "replayed": 2 }));
}

#[tokio::test]
async fn a_dead_letter_is_thrown_away_only_with_a_note() {
    let db = TestDb::sqlite();
    let payment = Payment::start(&db).await;
    let id = payment.has_a_dead_letter().await;
    let path = format!("/ops/dead-letters/payment.orders/{id}");

    let without = payment.operate(Method::DELETE, &path).await.status();
    let too_short = payment.operate(Method::DELETE, &format!("{path}?note=x")).await.status();
    let with = payment.operate(Method::DELETE, &format!("{path}?note=a+test")).await.status();
    let again = payment.operate(Method::DELETE, &format!("{path}?note=a+test")).await.status();

    let statuses = [without, too_short, with, again].map(|status| status.as_u16());
    assert_eq!(statuses, [400, 422, 204, 404]);
    assert_eq!(payment.see("/ops/dead-letters").await["items"], json!([]));
}

#[tokio::test]
async fn queues_of_other_services_are_not_found_here() {
    let db = TestDb::sqlite();
    let payment = Payment::start(&db).await;

    for path in ["/ops/dead-letters?queue=order.replies", "/ops/dead-letters?queue=nonsense"] {
        let answer = payment.operate(Method::GET, path).await;

        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "queue-unknown");
    }
}

#[tokio::test]
async fn the_feed_is_read_by_services_in_publish_order() {
    for db in testkit::databases().await {
        let payment = Payment::start(&db).await;
        let messages: Vec<_> =
            (0..3).map(|_| placed(OrderId::generate(), CustomerId::generate())).collect();
        outbox::append(&payment.store, &messages).await.unwrap();
        let mut tasks = TaskSet::new(PAYMENT.name);
        let (store, broker) = (payment.store.clone(), Arc::clone(&payment.broker));
        let relay = Relay::new("payment", store, broker, Arc::new(SystemClock), Wake::default());
        tasks.spawn(Phase::Relay, "relay", |stop| relay.run(stop));
        let service = || Subject::Service("order".to_owned());
        let read = async |path: &str| {
            let answer = payment.call(Method::GET, path, service(), Role::Service).await;
            answer.json::<Value>().await.unwrap()
        };
        testkit::eventually(BOUND, || async {
            read("/feed").await["items"].as_array().is_some_and(|items| items.len() == 3)
        })
        .await;

        let first = read("/feed?after=0&limit=2").await;
        let rest = read(&format!("/feed?after={}", first["next_after"])).await;

        assert_eq!((&first["is_end"], &rest["is_end"]), (&json!(false), &json!(true)));
        assert_eq!(first["items"][0]["message"]["id"], json!(messages[0].id));
        assert_eq!(rest["items"][0]["no"], 3);
        let customer = Subject::Customer(CustomerId::generate());
        let refused = payment.call(Method::GET, "/feed", customer, Role::Customer).await;
        assert_eq!(refused.status(), 403);
        tasks.stop().await;
    }
}

#[tokio::test]
async fn a_customer_sees_the_inbox_rows_of_their_order_and_of_no_other() {
    for db in testkit::databases().await {
        let payment = Payment::start(&db).await;
        let (order, ada, haru) =
            (OrderId::generate(), CustomerId::generate(), CustomerId::generate());
        let message = Received::new(PAYMENT_ORDERS, 1, SystemClock.now(), placed(order, ada));
        inbox::first_time(&payment.store, &message, SystemClock.now()).await.unwrap();
        let path = format!("/inbox?order={order}");
        let rows = async |subject: Subject, role: Role| {
            let answer = payment.call(Method::GET, &path, subject, role).await;
            answer.json::<Value>().await.unwrap()["items"].as_array().unwrap().len()
        };

        let seen = [
            rows(Subject::Customer(ada), Role::Customer).await,
            rows(Subject::Customer(haru), Role::Customer).await,
            rows(Subject::Customer(haru), Role::Operator).await,
            rows(Subject::Service("order".to_owned()), Role::Service).await,
        ];

        assert_eq!(seen, [1, 0, 1, 1]);
        let text = payment.see(&path).await.to_string();
        assert!(text.contains("payment.orders"), "{text}");
    }
}
