//! Requests another site could have made a browser send: refused before any service hears of them.

use serde_json::{Value, json};

use crate::support::{Shop, said};

#[tokio::test]
async fn what_another_site_can_send_changes_nothing() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    let body = json!({ "query": "mutation { signOut }" });

    let form = ada.bare().header("content-type", "text/plain").body(body.to_string());
    let plain = ada.bare().json(&body);
    let foreign = ada.post().json(&body).header("origin", "https://evil.example");
    let sandboxed = ada.post().json(&body).header("origin", "null");
    let crossing = ada.post().json(&body).header("sec-fetch-site", "cross-site");

    for (request, status) in
        [(form, 415), (plain, 403), (foreign, 403), (sandboxed, 403), (crossing, 403)]
    {
        let response = ada.sent(request).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert!(response.headers().get("set-cookie").is_none());
    }
    assert_eq!(shop.calls(), 0);
}

#[tokio::test]
async fn another_sites_page_listens_to_nothing() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.history.streams("/orders/*", "");
    let listen = || {
        let query = format!("subscription%7BorderUpdated(id:%22{}%22)%7Bid%7D%7D", said::ORDER);
        ada.get(&format!("/graphql?query={query}")).header("accept", "text/event-stream")
    };

    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let response = ada.sent(listen().header(name, value)).await;
        assert_eq!(response.status(), 403, "{name}: {value}");
        let problem: Value = response.json().await.unwrap();
        assert_eq!(problem["code"], "origin-not-allowed");
    }
    assert_eq!(shop.calls(), 0);
    let own = listen().header("origin", shop.url()).header("sec-fetch-site", "same-origin");
    assert_eq!(ada.sent(own).await.status(), 200);
}

#[tokio::test]
async fn the_shops_own_pages_may() {
    let shop = Shop::open().await;
    let ada = shop.ada().await;
    shop.identity.says("DELETE", "/sessions/current", 204, json!(null));
    let body = json!({ "query": "mutation { signOut }" });

    let own = ada.post().json(&body).header("origin", shop.url());
    let own = own.header("sec-fetch-site", "same-origin");

    assert_eq!(ada.sent(own).await.status(), 200);
    assert_eq!(ada.cookie(), None);
    assert_eq!(shop.identity.calls()[0].bearer.as_deref(), Some("access-1"));
}

#[tokio::test]
async fn behind_a_proxy_the_configured_address_counts() {
    let shop = Shop::open_with(&[("http.public_url", "https://shop.example/")]).await;
    let browser = shop.browser();
    let body = json!({ "query": "{ __typename }" });

    let own = browser.post().json(&body).header("origin", "https://shop.example");
    let direct = browser.post().json(&body).header("origin", shop.url());

    assert_eq!(browser.sent(own).await.status(), 200);
    assert_eq!(browser.sent(direct).await.status(), 403);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    for (secure, name) in [("true", "__Host-shop-session="), ("false", "shop-session=")] {
        let shop = Shop::open_with(&[("session.secure", secure)]).await;
        shop.identity.says("POST", "/sessions", 201, said::session("a", "r"));
        let body = json!({ "query": crate::support::SIGN_IN });

        let response = shop.browser().send(&body).await;

        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with(name), "{cookie}");
        for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=259"] {
            assert!(cookie.contains(part), "{cookie} lacks {part}");
        }
        assert_eq!(cookie.contains("Secure"), secure == "true");
        assert!(!cookie.contains("Domain"));
    }
}
