//! Sessions: silent refresh, one flight for all tabs, and what a session's end looks like.

use std::time::Duration;

use chrono::TimeDelta;
use futures::future::join_all;
use serde_json::json;

use crate::support::{SIGN_IN, Shop, code, said};

const ME: &str = "{ me { name } }";

async fn shop() -> Shop {
    let shop = Shop::open().await;
    shop.identity.says("GET", "/customers/me", 200, said::customer());
    shop
}

#[tokio::test]
async fn a_session_about_to_end_goes_on_in_silence() {
    let shop = shop().await;
    let ada = shop.ada().await;
    let before = ada.cookie();
    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    shop.clock.advance(TimeDelta::seconds(595));

    let answer = ada.ask(ME).await;

    assert_eq!(answer["data"]["me"]["name"], "Ada");
    let calls = shop.identity.calls();
    assert_eq!(calls[0].body, json!({ "refresh_token": "refresh-1" }));
    assert_eq!(calls[1].bearer.as_deref(), Some("access-2"));
    assert_ne!(ada.cookie(), before);

    shop.forget_calls();
    ada.ask(ME).await;
    assert_eq!(shop.identity.calls().len(), 1, "a fresh token is not traded in");
}

#[tokio::test]
async fn tabs_that_wake_up_together_share_one_refresh() {
    let shop = shop().await;
    let ada = shop.ada().await;
    let fresh = said::session("access-2", "refresh-2");
    let slowly = Duration::from_millis(100);
    shop.identity.says_slowly("POST", "/sessions/refresh", 200, fresh, slowly);
    shop.clock.advance(TimeDelta::seconds(700));
    let tabs: Vec<_> = (0..8).map(|_| ada.tab()).collect();

    let answers = join_all(tabs.iter().map(|tab| tab.ask(ME))).await;

    assert!(answers.iter().all(|answer| answer["data"]["me"]["name"] == "Ada"), "{answers:?}");
    let refreshes = shop.identity.calls().into_iter().filter(|c| c.path == "/sessions/refresh");
    assert_eq!(refreshes.count(), 1);
}

#[tokio::test]
async fn a_tab_that_missed_the_new_cookie_is_not_signed_out() {
    let shop = shop().await;
    let ada = shop.ada().await;
    let late = ada.tab();
    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    shop.clock.advance(TimeDelta::seconds(700));
    ada.ask(ME).await;
    // Identity would end the session now: the token was used.
    shop.identity.refuses("POST", "/sessions/refresh", 401, "refresh-token-invalid");

    let answer = late.ask(ME).await;

    assert_eq!(answer["data"]["me"]["name"], "Ada");
}

#[tokio::test]
async fn a_session_identity_has_ended_says_so_once_and_is_forgotten() {
    let shop = shop().await;
    let ada = shop.ada().await;
    shop.identity.refuses("POST", "/sessions/refresh", 401, "refresh-token-invalid");
    shop.clock.advance(TimeDelta::seconds(700));

    let first = ada.ask("{ orders { next } }").await;
    let second = ada.ask("{ orders { next } }").await;

    assert_eq!((code(&first), code(&second)), ("session-expired", "not-signed-in"));
    assert_eq!(ada.cookie(), None);
    assert!(shop.history.calls().is_empty());
}

#[tokio::test]
async fn while_identity_is_away_nobody_is_signed_out() {
    let shop = shop().await;
    let ada = shop.ada().await;
    let before = ada.cookie();
    shop.identity.is_away(true);
    shop.catalog.says("GET", "/categories", 200, json!({ "items": [] }));
    shop.clock.advance(TimeDelta::seconds(700));

    let answer = ada.ask("{ me { name } categories { slug } }").await;

    assert_eq!(answer["data"], json!({ "me": null, "categories": [] }));
    assert_eq!(code(&answer), "unavailable");
    assert_eq!(ada.cookie(), before);
}

#[tokio::test]
async fn a_token_that_still_lives_serves_while_identity_is_away() {
    let shop = shop().await;
    let ada = shop.ada().await;
    shop.history.says("GET", "/orders", 200, json!({ "items": [] }));
    shop.identity.is_away(true);
    // Due for a refresh, and not over yet.
    shop.clock.advance(TimeDelta::seconds(580));

    let answer = ada.ask("{ orders { items { id } } }").await;

    assert_eq!(answer["data"]["orders"]["items"], json!([]), "{answer}");
}

#[tokio::test]
async fn another_replica_opens_the_same_session() {
    let shop = shop().await;
    let ada = shop.ada().await;
    let other = Shop::open().await;
    other.identity.says("GET", "/customers/me", 200, said::customer());
    let browser = other.browser();
    let body = json!({ "query": ME });

    let request = browser.post().json(&body).header("cookie", ada.cookie().unwrap());
    let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();

    assert_eq!(answer["data"]["me"]["name"], "Ada");
}

#[tokio::test]
async fn a_forged_cookie_is_nobodys() {
    let shop = shop().await;
    let browser = shop.browser();
    let body = json!({ "query": "{ me { name } orders { next } }" });

    for cookie in ["shop-session=", "shop-session=AAAA", "shop-session={\"c\":{}}", "shop-session"]
    {
        let request = browser.post().json(&body).header("cookie", cookie);
        let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(code(&answer), "not-signed-in", "{cookie}");
    }
    assert_eq!(shop.calls(), 0);
}

#[tokio::test]
async fn a_wrong_password_is_told_as_identity_tells_it() {
    let shop = shop().await;
    shop.identity.refuses("POST", "/sessions", 401, "wrong-credentials");
    let browser = shop.browser();

    let answer = browser.ask(SIGN_IN).await;

    assert_eq!(code(&answer), "wrong-credentials");
    assert_eq!(browser.cookie(), None);
}

#[tokio::test]
async fn who_registers_is_signed_in() {
    let shop = shop().await;
    shop.identity.says("POST", "/customers", 201, said::customer());
    shop.identity.says("POST", "/sessions", 201, said::session("access-1", "refresh-1"));
    shop.order.says("GET", "/carts/current", 200, said::cart(&[]));
    let browser = shop.browser();

    let answer = browser
        .ask(r#"mutation { register(input: { email: "ada@example.org", name: "Ada", password: "a long password", locale: KO })
            { customer { id } cart { count } } }"#)
        .await;

    assert_eq!(answer["data"]["register"]["cart"]["count"], 0, "{answer}");
    let sent = &shop.identity.calls()[0].body;
    assert_eq!(sent["locale"], "ko");
    assert!(browser.cookie().is_some());
}

#[tokio::test]
async fn a_token_a_service_does_not_take_is_traded_in_next_time() {
    let shop = shop().await;
    let ada = shop.ada().await;
    // Identity has replaced its keys: the session lives, its access token does not.
    shop.history.refuses("GET", "/orders", 401, "token-invalid");
    let first = ada.ask("{ orders { next } }").await;
    assert_eq!(code(&first), "session-expired");

    shop.history.says("GET", "/orders", 200, json!({ "items": [] }));
    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    let second = ada.ask("{ orders { next } }").await;

    assert_eq!(second, json!({ "data": { "orders": { "next": null } } }));
    assert_eq!(shop.history.calls().last().unwrap().bearer.as_deref(), Some("access-2"));
}

#[tokio::test]
async fn a_late_answer_brings_no_token_back_that_was_traded_in() {
    let shop = shop().await;
    let ada = shop.ada().await;
    // Keys were replaced: one tab goes on with a fresh token, another still has the old one.
    shop.history.refuses("GET", "/orders", 401, "token-invalid");
    let query = ada.post().json(&json!({ "query": "{ orders { next } }" }));
    let late = ada.sent_elsewhere(query).await;
    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    let tab = ada.tab();
    ada.keep(&late);
    ada.ask(ME).await;
    assert_eq!(shop.identity.calls().last().unwrap().bearer.as_deref(), Some("access-2"));

    let fresh = ada.cookie();
    let query = tab.post().json(&json!({ "query": "{ orders { next } }" }));
    let later = tab.sent_elsewhere(query).await;

    assert_eq!(later.headers().get("set-cookie"), None);
    ada.keep(&later);
    assert_eq!(ada.cookie(), fresh);
}

#[tokio::test]
async fn a_late_answer_does_not_sign_in_again_who_signed_out() {
    let shop = shop().await;
    let ada = shop.ada().await;
    let fresh = said::session("access-2", "refresh-2");
    let slowly = Duration::from_millis(300);
    shop.identity.says_slowly("POST", "/sessions/refresh", 200, fresh, slowly);
    shop.identity.says("DELETE", "/sessions/current", 204, json!(null));
    shop.clock.advance(TimeDelta::seconds(595));
    let tab = ada.tab();

    // Both wait for the same refresh; the sign-out is told to the browser first.
    let query = tab.post().json(&json!({ "query": ME }));
    let slow_name = said::customer();
    shop.identity.says_slowly("GET", "/customers/me", 200, slow_name, slowly);
    let (late, _) = tokio::join!(tab.sent_elsewhere(query), ada.ask("mutation { signOut }"));
    ada.keep(&late);

    assert_eq!(ada.cookie(), None);
}
