//! What the gateway tells about itself.

use super::shop::Shop;

const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[test]
fn a_request_is_a_line_of_json() {
    let shop = Shop::start();
    let headers = [("traceparent", PARENT), ("x-request-id", "a-request-of-mine")];

    let answer = shop.ask("POST", "/graphql?query=x", &headers, "{}");

    let line = shop.logged(&answer);
    for (field, value) in [
        ("service", "gateway"),
        ("level", "INFO"),
        ("target", "access"),
        ("request.id", "a-request-of-mine"),
        ("trace_id", "0af7651916cd43dd8448eb211c80319c"),
        ("http.request.method", "POST"),
        ("http.route", "graphql"),
        ("path", "/graphql"),
        ("backend", "web-bff"),
        ("server", "web-bff-1"),
    ] {
        assert_eq!(line[field], value, "{field} of {line}");
    }
    assert_eq!(line["http.response.status_code"], 200);
    assert!(line["client"].as_str().unwrap().starts_with("127."), "{line}");
    for field in ["took_ms", "receive_ms", "queue_ms", "connect_ms", "answer_ms", "sent_bytes"] {
        assert!(line[field].is_i64(), "{field} of {line}");
    }
    let time = line["timestamp"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
}

#[test]
fn a_refusal_says_why() {
    let shop = Shop::start();

    let answer = shop.get("/api/v1/orders");

    let line = shop.logged(&answer);
    assert_eq!(line["code"], "token-missing");
    assert_eq!(line["http.response.status_code"], 401);
    assert_eq!(line["backend"], "public");
}

#[test]
fn the_log_has_no_secrets_and_cannot_be_written_by_strangers() {
    let shop = Shop::start();
    let cookie = [("cookie", "session=sesame"), ("authorization", "Bearer sesame.sesame.sesame")];

    shop.ask("GET", "/api/v1/orders?q=sesame", &cookie, "");
    shop.ask("POST", "/api/v1/sessions", &cookie, "{\"password\":\"sesame\"}");
    let odd = shop.ask("GET", "/\",\"level\":\"ERROR", &[("user-agent", "\"sesame")], "");
    let last = shop.get("/");

    shop.logged(&last);
    let (lines, text) = shop.log();
    assert!(!text.contains("sesame"), "{text}");
    assert!(lines.iter().all(|line| line["level"] == "INFO"), "{text}");
    let whole = text.lines().filter(|line| line.starts_with('{')).count();
    assert_eq!(whole, lines.len(), "a line is no JSON: {text}");
    drop(odd);
}

#[test]
fn metrics_and_health_have_a_port_of_their_own() {
    let shop = Shop::start();
    shop.get("/");

    let page = shop.operations("/metrics");

    assert_eq!(page.status, 200);
    for name in [
        "haproxy_process_uptime_seconds",
        "haproxy_frontend_http_requests_total{proxy=\"public\"}",
        "haproxy_frontend_requests_denied_total{proxy=\"public\"}",
        "haproxy_backend_http_responses_total{proxy=\"storefront\",code=\"2xx\"} 1",
        "haproxy_server_status{proxy=\"web-bff\",server=\"web-bff-1\",state=\"UP\"} 1",
        "haproxy_backend_response_time_average_seconds{proxy=\"mobile-bff\"}",
    ] {
        assert!(page.body.contains(name), "{name} is missing");
    }
    assert_eq!(shop.operations("/healthz").status, 200);
    assert_eq!(shop.operations("/readyz").status, 200);
    assert_eq!(shop.operations("/").status, 404);
}
