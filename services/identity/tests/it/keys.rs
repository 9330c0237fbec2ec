use std::collections::HashSet;

use chrono::TimeDelta;
use identity::keys::ANNOUNCED_BEFORE;
use identity::seed::OPERATOR;
use reqwest::Method;
use serde_json::json;
use testkit::{TestDb, databases};

use crate::support::TestApp;

async fn start(db: TestDb) -> TestApp {
    TestApp::start_with(db, &[("seed.enabled", "true")]).await
}

async fn operator(shop: &TestApp) -> String {
    shop.sign_in(OPERATOR.email, OPERATOR.password).await.text("access_token")
}

async fn published(shop: &TestApp) -> HashSet<String> {
    let jwks = shop.send(Method::GET, "/.well-known/jwks.json", None, None).await;
    let keys = jwks.body["keys"].as_array().unwrap().clone();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn kid(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

#[tokio::test]
async fn what_is_published_verifies_and_cannot_sign() {
    let shop = start(TestDb::sqlite()).await;

    let jwks = shop.send(Method::GET, "/.well-known/jwks.json", None, None).await;

    let key = &jwks.body["keys"][0];
    assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("EC"), Some("P-256")));
    assert_eq!((key["alg"].as_str(), key["use"].as_str()), (Some("ES256"), Some("sig")));
    assert!(key.get("d").is_none());
}

#[tokio::test]
async fn a_new_key_is_published_before_it_signs_and_the_old_one_after() {
    for db in databases().await {
        let shop = start(db).await;
        let before = operator(&shop).await;
        let old = kid(&before);

        let rotated = shop.rotate(&before, false).await;
        let announced = published(&shop).await;
        let still_old = operator(&shop).await;
        shop.clock.advance(ANNOUNCED_BEFORE);
        let after = operator(&shop).await;

        assert_eq!(rotated.status, 200);
        assert_eq!((announced.len(), kid(&still_old)), (2, old.clone()));
        assert_ne!(kid(&after), old);
        assert!(announced.contains(&kid(&after)));
        assert_eq!(published(&shop).await, announced);
        for token in [&still_old, &after] {
            assert_eq!(shop.get("/customers/me", token).await.status, 200);
        }
    }
}

#[tokio::test]
async fn an_old_key_is_withdrawn_when_no_token_of_its_can_live() {
    for db in databases().await {
        let shop = start(db).await;
        let token = operator(&shop).await;
        shop.rotate(&token, false).await;

        shop.clock.advance(ANNOUNCED_BEFORE + TimeDelta::days(30));
        let while_guests_live = published(&shop).await.len();
        shop.clock.advance(TimeDelta::hours(1));
        let afterwards = published(&shop).await;

        assert_eq!((while_guests_live, afterwards.len()), (2, 1));
        assert!(!afterwards.contains(&kid(&token)));
    }
}

#[tokio::test]
async fn a_key_that_does_not_sign_yet_is_not_overtaken() {
    let shop = start(TestDb::sqlite()).await;
    let token = operator(&shop).await;

    let first = shop.rotate(&token, false).await;
    let second = shop.rotate(&token, false).await;

    assert_eq!(first.status, 200);
    assert_eq!((second.status, second.code()), (409, "key-pending"));
}

#[tokio::test]
async fn a_rotation_that_cannot_be_read_rotates_nothing() {
    let shop = start(TestDb::sqlite()).await;
    let token = operator(&shop).await;
    let before = published(&shop).await;

    for body in [json!({ "at_once": "yes" }), json!({ "atonce": true }), json!([])] {
        let refused = shop.send(Method::POST, "/ops/keys/rotate", Some(&token), Some(body)).await;

        assert_eq!((refused.status, refused.code()), (422, "not-valid"));
    }
    assert_eq!(published(&shop).await, before);
}

#[tokio::test]
async fn a_leaked_key_is_replaced_at_once_and_its_tokens_end() {
    for db in databases().await {
        let shop = start(db).await;
        let session = shop.sign_in(OPERATOR.email, OPERATOR.password).await;
        let token = session.text("access_token");

        let replaced = shop.rotate(&token, true).await;
        let refused = shop.get("/customers/me", &token).await;
        let refreshed = shop.refresh(&session.text("refresh_token")).await;
        let welcome = shop.get("/customers/me", &refreshed.text("access_token")).await;

        assert_eq!((replaced.status, published(&shop).await.len()), (200, 1));
        assert_eq!((refused.status, refused.code()), (401, "token-invalid"));
        assert_eq!((refreshed.status, welcome.status), (200, 200));
    }
}

#[tokio::test]
async fn keys_outlive_the_process_and_are_shared_by_instances() {
    for db in databases().await {
        let shop = start(db).await;
        let token = operator(&shop).await;

        let other = shop.beside().await;
        let there = format!("http://{}/customers/me", other.address());
        let before = reqwest::Client::new().get(&there).bearer_auth(&token).send().await.unwrap();
        shop.rotate(&token, true).await;
        let after = reqwest::Client::new().get(&there).bearer_auth(operator(&shop).await);
        let after = after.send().await.unwrap();

        assert_eq!((before.status().as_u16(), after.status().as_u16()), (200, 200));
    }
}
