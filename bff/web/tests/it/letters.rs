//! A letter at an address of its own, for the frame the mailbox shows it in.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{Shop, said};

const LETTER: &str = "/mails/0193b000-0000-7000-8000-00000000a111.html";

#[tokio::test]
async fn a_letter_comes_with_its_styles_and_nothing_that_could_run_or_leave() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let mut mail = said::mail();
    mail["html"] = json!("<p style=\"color:red\">Hello Ada</p>");
    shop.email.says("GET", "/mails/*", 200, mail);

    let response = ada.sent(ada.get(LETTER)).await;

    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("cache-control"), "private, no-store");
    let policy = header("content-security-policy");
    for part in ["default-src 'none'", "style-src 'unsafe-inline'", "sandbox;"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(response.text().await.unwrap().contains("Hello Ada"));
    assert_eq!(shop.email.calls()[0].bearer.as_deref(), Some("access-1"));
}

#[tokio::test]
async fn a_letter_is_for_its_owner() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.email.refuses("GET", "/mails/*", 404, "mail-unknown");

    assert_eq!(shop.browser().sent(ada.get(LETTER)).await.status(), 401);
    assert_eq!(shop.email.calls().len(), 0);
    assert_eq!(ada.sent(ada.get(LETTER)).await.status(), 404);
    assert_eq!(ada.sent(ada.get("/mails/..%2Fops%2Faudit.html")).await.status(), 404);
    shop.email.is_away(true);
    assert_eq!(ada.sent(ada.get(LETTER)).await.status(), 503);
}

#[tokio::test]
async fn a_letter_that_is_refused_brings_the_fresh_session_all_the_same() {
    for (status, code) in [(404, "mail-unknown"), (503, "store-unavailable")] {
        let shop = Shop::open().await;
        let ada = shop.ada().await;
        shop.email.refuses("GET", "/mails/*", status, code);
        let fresh = said::session("access-2", "refresh-2");
        shop.identity.says("POST", "/sessions/refresh", 200, fresh);
        shop.clock.advance(TimeDelta::seconds(595));
        let before = ada.cookie();

        assert_eq!(ada.sent(ada.get(LETTER)).await.status(), status);

        assert_ne!(ada.cookie(), before);
        shop.forget_calls();
        shop.identity.says("GET", "/customers/me", 200, said::customer());
        assert_eq!(ada.ask("{ me { name } }").await["data"]["me"]["name"], "Ada");
        let calls = shop.identity.calls();
        assert_eq!(calls.len(), 1, "the old token is not traded in again: {calls:?}");
        assert_eq!(calls[0].bearer.as_deref(), Some("access-2"));
    }
}

#[tokio::test]
async fn a_session_that_ended_is_told_with_a_letter_and_forgotten() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.identity.refuses("POST", "/sessions/refresh", 401, "refresh-token-invalid");
    shop.clock.advance(TimeDelta::seconds(595));

    let answer = ada.sent(ada.get(LETTER)).await;

    assert_eq!((answer.status().as_u16(), ada.cookie()), (401, None));
}

#[tokio::test]
async fn a_token_email_does_not_take_is_traded_in_next_time() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.email.refuses("GET", "/mails/*", 401, "token-invalid");
    assert_eq!(ada.sent(ada.get(LETTER)).await.status(), 401);

    shop.identity.says("POST", "/sessions/refresh", 200, said::session("access-2", "refresh-2"));
    shop.email.says("GET", "/mails/*", 200, said::mail());
    ada.sent(ada.get(LETTER)).await;

    assert_eq!(shop.email.calls().last().unwrap().bearer.as_deref(), Some("access-2"));
}
