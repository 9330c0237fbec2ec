//! Sessions: rotation and reuse as the real `identity` has them, and who counts as the client.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use shop_kernel::SystemClock;
use tempfile::TempDir;

use crate::support::{Answer, World};

/// The real identity, with its demo accounts.
async fn identity(folder: &TempDir) -> identity::Application {
    let store = format!("sqlite://{}?mode=rwc", folder.path().join("identity.db").display());
    let settings = [
        ("http.bind", "127.0.0.1:0"),
        ("database.url", store.as_str()),
        ("services.authenticated", "false"),
        ("limits.trusted_proxies", "127.0.0.1"),
        ("seed.enabled", "true"),
    ];
    let config = chassis::config::load_from(identity::SERVICE.defaults, &settings).unwrap();
    identity::Application::build(config, Arc::new(SystemClock)).await.unwrap()
}

async fn post(world: &World, path: &str, body: &Value) -> Answer {
    world.send(Method::POST, path, None, &[], Some(body)).await
}

async fn sign_in(world: &World) -> Value {
    let ada = json!({ "email": "ada@example.org", "password": "demo-ada-2026" });
    let session = post(world, "/sessions", &ada).await;
    assert_eq!(session.status, 201, "{session:?}");
    assert_eq!(session.header("cache-control"), "no-store");
    session.body
}

async fn refresh(world: &World, session: &Value) -> Answer {
    post(world, "/sessions/refresh", &json!({ "refresh_token": session["refresh_token"] })).await
}

#[tokio::test]
async fn a_refresh_token_rotates_and_an_old_one_ends_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&folder).await;
    let url = format!("http://{}", identity.address());
    let world = World::with(&[("peers.identity", &url)]).await;

    let first = sign_in(&world).await;
    let second = refresh(&world, &first).await;
    let same = refresh(&world, &first).await;
    let third = refresh(&world, &second.body).await;
    // Two steps old: whoever has it took it from someone.
    let reused = refresh(&world, &first).await;
    let ended = refresh(&world, &third.body).await;

    assert_eq!((second.status, third.status), (200, 200));
    assert_ne!(first["refresh_token"], second.body["refresh_token"]);
    // Two requests of one phone that crossed: both get the same successor.
    assert_eq!(same.body["refresh_token"], second.body["refresh_token"]);
    assert_eq!((reused.status, reused.code()), (401, "refresh-token-invalid"));
    assert_eq!((ended.status, ended.code()), (401, "refresh-token-invalid"));
}

#[tokio::test]
async fn a_token_of_identitys_opens_the_screens_until_signing_out_ends_its_session() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&folder).await;
    let url = format!("http://{}", identity.address());
    let world = World::with(&[("peers.identity", &url)]).await;

    let session = sign_in(&world).await;
    let token = session["access_token"].as_str().unwrap();
    let checkout = world.get_as(token, "/checkout").await;
    let out = world.send(Method::DELETE, "/sessions/current", Some(token), &[], None).await;
    let refreshed = refresh(&world, &session).await;

    assert_eq!(session["customer"]["name"], "Ada");
    assert_eq!(checkout.body["contact"]["email"], "ada@example.org");
    assert_eq!((out.status, refreshed.status), (204, 401));
}

#[tokio::test]
async fn guests_and_newcomers_get_in() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&folder).await;
    let url = format!("http://{}", identity.address());
    let world = World::with(&[("peers.identity", &url)]).await;

    let guest = world.send(Method::POST, "/guests", None, &[], None).await;
    let cart = world.get_as(guest.body["access_token"].as_str().unwrap(), "/cart").await;
    let eve = json!({ "email": "eve@example.org", "name": "Eve", "password": "correct horse", "locale": "ko" });
    let new = post(&world, "/customers", &eve).await;
    let taken = post(&world, "/customers", &eve).await;

    assert_eq!((guest.status, cart.status), (201, 200));
    assert_eq!((new.status, &new.body["locale"]), (201, &json!("ko")));
    assert_eq!((taken.status, taken.code()), (409, "email-taken"));
}

#[tokio::test]
async fn wrong_passwords_are_counted_by_the_phones_address() {
    let folder = tempfile::tempdir().unwrap();
    let identity = identity(&folder).await;
    let url = format!("http://{}", identity.address());
    let world = World::with(&[("peers.identity", &url)]).await;
    let wrong = json!({ "email": "haru@example.org", "password": "a guess or two" });
    // The test's own address is a trusted proxy here, as a gateway's is.
    let [eve, haru] = ["203.0.113.9", "203.0.113.10"].map(|from| [("x-forwarded-for", from)]);

    let mut last = None;
    for _ in 0..11 {
        last = Some(world.send(Method::POST, "/sessions", None, &eve, Some(&wrong)).await);
    }
    let right = json!({ "email": "haru@example.org", "password": "demo-haru-2026" });
    let own = world.send(Method::POST, "/sessions", None, &haru, Some(&right)).await;

    let last = last.unwrap();
    assert_eq!((last.status, last.code()), (429, "too-many-attempts"));
    assert_ne!(last.header("retry-after"), "");
    assert_eq!(own.status, 201);
}

#[tokio::test]
async fn identity_hears_of_every_address_a_request_came_by() {
    let world = World::start().await;
    world.identity.refuse("POST /sessions", 429, "too-many-attempts", json!({}));

    let from = [("x-forwarded-for", "203.0.113.9")];
    let refused = world.send(Method::POST, "/sessions", None, &from, Some(&json!({}))).await;

    assert_eq!((refused.status, refused.header("retry-after")), (429, "17"));
    let asked = &world.identity.asked("POST /sessions")[0];
    assert_eq!(asked.header("x-forwarded-for"), "203.0.113.9, 127.0.0.1");
}

#[tokio::test]
async fn a_refresh_is_made_again_and_a_sign_in_is_not() {
    let world = World::start().await;
    world.identity.goes_away();

    let signing_in = post(&world, "/sessions", &json!({})).await;
    let refreshing = post(&world, "/sessions/refresh", &json!({ "refresh_token": "x" })).await;

    assert_eq!((signing_in.status, refreshing.status), (503, 503));
    assert_eq!(world.identity.asked("POST /sessions/refresh").len(), 3);
    assert_eq!(world.identity.asked("POST /sessions").len(), 1 + 3);
}
