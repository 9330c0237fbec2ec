use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web::Json;
use actix_web::{get, post, web};
use chassis::auth::{JwkSet, Role, Subject, TokenSigner, Verifier};
use chassis::config::HttpConfig;
use chassis::health::Health;
use chassis::ops::Operations;
use chassis::{Phase, Server, Service, TaskSet};
use chrono::TimeDelta;
use serde_json::{Value, json};
use shop_kernel::{Clock as _, ManualClock};
use testkit::TestDb;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::fixtures::*;
use crate::neighbours::*;
use crate::support::*;

/// Identity and catalog in one: keys, a token for services, and a feed.
const NEIGHBOUR: Service = Service {
    name: "catalog",
    version: "0",
    commit: None,
    summary: "A neighbour.",
    defaults: "",
    routes: neighbour_routes,
};

fn neighbour_routes(config: &mut ServiceConfig<'_>) {
    config.service(keys).service(service_token);
    chassis::feed::routes(config);
}

#[utoipa::path]
#[get("/.well-known/jwks.json")]
async fn keys(signer: web::Data<TokenSigner>) -> Json<JwkSet> {
    Json(signer.jwks())
}

#[utoipa::path]
#[post("/tokens/service")]
async fn service_token(signer: web::Data<TokenSigner>) -> Json<Value> {
    let subject = Subject::Service("order".to_owned());
    let now = ManualClock::default().now();
    let token = signer.token(subject, &[Role::Service], now, TimeDelta::hours(1)).unwrap();
    Json(json!({ "access_token": token, "expires_in": 3_600 }))
}

struct Neighbour {
    address: SocketAddr,
    signer: TokenSigner,
    database: TestDb,
    db: sea_orm::DatabaseConnection,
    _tasks: TaskSet,
}

async fn neighbour(site: &Site) -> Neighbour {
    let (signer, database) = (TokenSigner::generate().unwrap(), TestDb::sqlite());
    let db = database.open(chassis_messaging::migrations).await;
    let clock = Arc::new(ManualClock::default());
    let http = HttpConfig { bind: "127.0.0.1:0".to_owned(), workers: 1, public_url: None };
    let operations =
        Operations::new(&NEIGHBOUR, Some(db.clone()), site.broker.clone(), clock.clone());
    let server = Server::bind(&NEIGHBOUR, &http, Arc::new(Health::of(db.clone())))
        .unwrap()
        .data(Arc::new(Verifier::with_keys(&signer.jwks(), clock)))
        .data(Arc::new(signer.clone()))
        .data(Arc::new(operations));
    let address = server.address();
    let mut tasks = TaskSet::new("catalog");
    tasks.spawn(Phase::Http, "http", |stop| server.run(stop));
    Neighbour { address, signer, database, db, _tasks: tasks }
}

#[tokio::test]
async fn nothing_is_sold_until_the_price_list_is_loaded() {
    for site in messaging_sites().await {
        let shop = Shop::open(site, &[]).await;
        let ada = shop.ada();

        let put_in = ada.puts(BLUE_MUG, 1).await;
        shop.lists(&[product(BLUE_MUG, "Blue mug", 1_250, 3)]).await;
        let loaded = ada.puts(BLUE_MUG, 1).await;

        assert_eq!(put_in.code(), (503, "price-list-loading"));
        assert_eq!(put_in.headers["retry-after"], "1");
        assert_eq!(loaded.status, 200);
    }
}

#[tokio::test]
async fn the_price_list_is_loaded_from_the_feed_and_kept_by_messages() {
    for site in messaging_sites().await {
        let neighbour = neighbour(&site).await;
        let old = product(BLUE_MUG, "Blue mug", 1_100, 1);
        let new = product(BLUE_MUG, "Blue mug", 1_250, 2);
        let noise = reserved(shop_kernel::OrderId::generate());
        let broker = site.broker.clone();
        publish(&neighbour.db, broker, &[changed(&old), noise, changed(&new)]).await;

        let url = format!("http://{}", neighbour.address);
        let settings = [("peers.catalog", url.as_str()), ("peers.identity", url.as_str())];
        let clock = Arc::new(ManualClock::default());
        let shop = Shop::open_with(site, &settings, neighbour.signer.clone(), clock).await;
        let ada = shop.ada();
        testkit::eventually(BOUND, || async { ada.puts(BLUE_MUG, 1).await.status == 200 }).await;
        let loaded = ada.cart().await;
        shop.tells(&changed(&product(BLUE_MUG, "Blue mug", 1_300, 3))).await;
        shop.tells(&changed(&product(BLUE_MUG, "Blue mug", 1, 2))).await;

        assert_eq!(loaded["lines"][0]["unit_prices"][0]["minor"], 1_250);
        testkit::eventually(BOUND, || async {
            ada.cart().await["lines"][0]["unit_prices"][0]["minor"] == 1_300
        })
        .await;
        let metrics = testkit::eventually(BOUND, || async {
            let metrics = shop.nobody().get("/metrics").await.text;
            metrics.contains("price_list_age_seconds").then_some(metrics)
        })
        .await;
        assert!(metrics.contains("service=\"order\""));
        drop(neighbour.database);
    }
}

#[tokio::test]
async fn a_loaded_price_list_outlives_a_restart_without_the_catalog() {
    for shop in messaging_shops().await {
        let broker = shop.broker.clone();

        let shop = shop.restarted(broker).await;

        assert_eq!(shop.ada().puts(BLUE_MUG, 1).await.status, 200);
    }
}
