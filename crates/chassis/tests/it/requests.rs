//! What happens around every request.

use std::time::Duration;

use crate::support::Example;

#[tokio::test]
async fn a_sane_request_id_is_taken_and_handed_back() {
    let example = Example::start().await;

    let request = example.request(reqwest::Method::GET, "/echo-id");
    let answer = request.header("x-request-id", "abc-12345").send().await.unwrap();

    assert_eq!(answer.headers()["x-request-id"], "abc-12345");
    assert_eq!(answer.text().await.unwrap(), "abc-12345");
}

#[tokio::test]
async fn an_id_that_means_something_to_a_log_is_replaced() {
    let example = Example::start().await;

    for id in ["short", "with space 123", "quote\"quote\"", &"a".repeat(65), "a{\"b\":1}aaaa"] {
        let request = example.request(reqwest::Method::GET, "/echo-id");
        let answer = request.header("x-request-id", id).send().await.unwrap();

        assert_ne!(answer.headers()["x-request-id"], id);
        assert_eq!(answer.text().await.unwrap().len(), 32, "{id}");
    }
}

#[tokio::test]
async fn answers_are_neither_sniffed_nor_kept() {
    let example = Example::start().await;

    let answer = example.get("/echo-id").await;

    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let example = Example::start().await;
    let id = shop_kernel::OrderId::generate();

    example.get(&format!("/things/{id}")).await;
    example.get("/nothing/here").await;
    let page = example.get("/metrics").await.text().await.unwrap();

    assert!(page.contains("route=\"/things/{id}\""), "{page}");
    assert!(page.contains("route=\"unmatched\""), "{page}");
    assert!(!page.contains(&id.to_string()), "{page}");
    assert!(!page.contains("/nothing/here"), "{page}");
}

#[tokio::test]
async fn the_document_lists_the_routes_of_the_service_and_of_the_chassis() {
    let example = Example::start().await;

    let document: serde_json::Value = example.get("/openapi.json").await.json().await.unwrap();

    assert_eq!(document["info"]["title"], "example");
    assert!(document["paths"]["/things/{id}"]["get"].is_object());
    assert!(document["paths"]["/health/ready"]["get"].is_object());
    assert!(document["components"]["securitySchemes"]["bearer"].is_object());
}

#[tokio::test]
async fn a_service_says_who_it_is() {
    let example = Example::start().await;

    let info: serde_json::Value = example.get("/info").await.json().await.unwrap();

    let expected =
        serde_json::json!({ "service": "example", "version": "1.2.3", "commit": "unknown" });
    assert_eq!(info, expected);
}

#[tokio::test]
async fn each_piece_of_a_stream_leaves_at_once() {
    const STREAMS: usize = 200;
    // A second at most in all; twice this bound where a piece is held back until the one before is acknowledged.
    const BOUND: Duration = Duration::from_secs(4);
    let example = Example::start().await;

    let all = tokio::time::timeout(BOUND, async {
        for _ in 0..STREAMS {
            // A side that has just answered again and again acknowledges late: with what it says next.
            for _ in 0..4 {
                example.get("/echo-id").await.text().await.unwrap();
            }
            let mut answer = example.get("/trickle").await;
            for _ in 0..3 {
                example.gate.open.notify_one();
                assert_eq!(answer.chunk().await.unwrap().as_deref(), Some(&b"."[..]));
            }
            assert_eq!(answer.chunk().await.unwrap(), None);
        }
    });

    assert!(all.await.is_ok(), "pieces wait for each other");
}
