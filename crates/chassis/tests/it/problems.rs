//! Every refusal is a problem document that helps and leaks nothing.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::support::Example;

async fn problem(answer: Response) -> Value {
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["request_id"], id);
    assert_eq!(problem["status"], status);
    problem
}

#[tokio::test]
async fn an_unknown_address_is_not_found() {
    let example = Example::start().await;

    let answer = problem(example.get("/nothing/here").await).await;

    assert_eq!(answer["code"], "not-found");
    assert_eq!(answer["status"], 404);
}

#[tokio::test]
async fn an_id_that_is_none_is_not_found() {
    let example = Example::start().await;

    let answer = problem(example.get("/things/pay_1").await).await;

    assert_eq!(answer["code"], "not-found");
}

#[tokio::test]
async fn a_wrong_method_is_told_which_are_right() {
    let example = Example::start().await;

    for (method, path, allowed) in [
        (Method::PUT, "/things", "POST, DELETE"),
        (Method::GET, "/things", "POST, DELETE"),
        (Method::POST, "/things/anything", "GET"),
        (Method::POST, "/health/live", "GET"),
    ] {
        let answer = example.request(method.clone(), path).send().await.unwrap();

        assert_eq!(answer.status(), 405, "{method} {path}");
        assert_eq!(answer.headers()["allow"], allowed, "{method} {path}");
        assert_eq!(problem(answer).await["code"], "method-not-allowed");
    }
}

#[tokio::test]
async fn parts_that_are_not_valid_are_pointed_at() {
    let example = Example::start().await;
    let body = json!({ "name": "too long", "parts": [{ "count": 1 }, { "count": 0 }] });

    let answer = problem(example.post("/things", &body.to_string()).await).await;

    assert_eq!(answer["status"], 422);
    assert_eq!(answer["code"], "not-valid");
    let pointers: Vec<_> =
        answer["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
    assert_eq!(pointers, ["/name", "/parts/1/count"]);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_with_its_reason() {
    let example = Example::start().await;

    for (body, status, code) in [
        ("{", 400, "malformed-json"),
        ("", 400, "malformed-json"),
        ("\"text\"", 422, "not-valid"),
        ("{\"name\":\"a\"}", 422, "not-valid"),
        ("{\"name\":\"a\",\"parts\":[],\"price\":1}", 422, "not-valid"),
        ("{\"name\":\"a\",\"parts\":[{\"count\":-1}]}", 422, "not-valid"),
    ] {
        let answer = problem(example.post("/things", body).await).await;

        assert_eq!((&answer["status"], &answer["code"]), (&json!(status), &json!(code)), "{body}");
    }
}

#[tokio::test]
async fn a_body_of_another_type_is_refused() {
    let example = Example::start().await;

    let request = example.request(Method::POST, "/things").header("content-type", "text/plain");
    let answer = request.body("{}").send().await.unwrap();

    assert_eq!(answer.status(), 415);
    assert_eq!(problem(answer).await["code"], "not-json");
}

#[tokio::test]
async fn a_query_that_cannot_be_read_is_refused() {
    let example = Example::start().await;
    let id = shop_kernel::OrderId::generate();

    let answer = problem(example.get(&format!("/things/{id}?limit=1000000000")).await).await;

    assert_eq!(answer["code"], "query-not-valid");
}

#[tokio::test]
async fn a_fault_is_not_told() {
    let example = Example::start().await;

    for path in ["/fail", "/crash"] {
        let answer = example.get(path).await;

        assert_eq!(answer.status(), 500, "{path}");
        let answer = problem(answer).await;
        assert_eq!(answer["code"], "internal-error");
        assert!(!answer.to_string().contains("hunter2"), "{answer}");
    }
}

#[tokio::test]
async fn a_crash_in_one_request_leaves_the_others_alone() {
    let example = Example::start().await;

    example.get("/crash").await;

    assert_eq!(example.get("/echo-id").await.status(), 200);
}
