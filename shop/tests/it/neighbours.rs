//! What stands between a visitor and the services: the page's relay and the BFFs, and nothing else.

use std::process::Command;
use std::sync::Arc;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use shop::api::Api;
use shop::demo::Demo;
use shop::home::Home;
use shop_kernel::SystemClock;
use storefront::front::Front;

/// More than identity lets one address have within a minute.
const TOO_MANY: usize = 100;

#[tokio::test]
async fn one_visitors_haste_does_not_hold_up_another() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::open(folder.path(), true).unwrap();
    let demo = Demo::start(&home, Arc::new(SystemClock), "off").await.unwrap();
    let listener = Front::reserve(([127, 0, 0, 1], 0).into()).unwrap();
    let front = Front::serve(listener, demo.manifest().clone(), folder.path()).unwrap();
    let url = format!("http://{}", front.address());

    let visits = async {
        let shop = Api::find(&url).await.unwrap();
        assert_eq!(shop.get("catalog", "/categories", None).await.unwrap().status, 200);
        let at = |service: &str| shop.manifest().one(service).unwrap().to_owned();
        let client = Client::builder().no_proxy().build().unwrap();
        let phone = || client.post(format!("{}/api/v1/guests", at("mobile-bff")));
        let add =
            "mutation { addToCart(product: \"prd_0193456789ab7000800000000000b10e\") { count } }";
        let page = || {
            let page = client.post(format!("{}/graphql", at("web-bff"))).header("x-csrf", "1");
            page.json(&json!({ "query": add }))
        };
        // As a gateway tells it, or the relay of the start page.
        assert!(is_stopped(|| from("203.0.113.1", phone())).await, "nobody is counted");
        assert!(is_stopped(|| from("203.0.113.2", page())).await, "nobody is counted");
        assert!(!is_refused(from("203.0.113.3", phone())).await);
        assert!(!is_refused(from("203.0.113.3", page())).await);
    };
    tokio::select! {
        ended = demo.run() => panic!("the demo ended: {ended:?}"),
        ended = front.run() => panic!("the front ended: {ended:?}"),
        () = visits => {}
    }
}

/// The test before this one once more, on a machine whose environment names a proxy.
#[test]
fn services_and_tools_reach_each_other_past_any_proxy() {
    let nowhere = "http://127.0.0.1:1";
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "neighbours::one_visitors_haste_does_not_hold_up_another"])
        .envs([("HTTP_PROXY", nowhere), ("http_proxy", nowhere)])
        .envs([("NO_PROXY", ""), ("no_proxy", "")])
        .output()
        .unwrap();

    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && said.contains("1 passed"), "{said}");
}

fn from(address: &str, request: RequestBuilder) -> RequestBuilder {
    request.header("x-forwarded-for", address)
}

async fn is_stopped(request: impl Fn() -> RequestBuilder) -> bool {
    for _ in 0..TOO_MANY {
        if is_refused(request()).await {
            return true;
        }
    }
    false
}

async fn is_refused(request: RequestBuilder) -> bool {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    status == StatusCode::TOO_MANY_REQUESTS
        || body["errors"][0]["extensions"]["code"] == "too-many-attempts"
}
