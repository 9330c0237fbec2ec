//! How much of it: rate, size, time.

use std::io::Write as _;
use std::thread;
use std::time::Duration;

use super::client;
use super::shop::{Setup, Shop};

const GRAPHQL: (&str, &str) = ("POST", "/graphql");

#[test]
fn who_asks_too_often_waits_and_is_served_again() {
    let shop = Setup::default()
        .env("GATEWAY_RATE", "5")
        .env("GATEWAY_RATE_SECONDS", "1")
        .env("GATEWAY_TRUSTED_PROXIES", "127.0.0.0/8")
        .start();
    let get = |client: &str| shop.ask("GET", "/", &[("x-forwarded-for", client)], "");

    let refused = shop.until("a refusal", || Some(get("203.0.113.7")).filter(|a| a.status != 200));

    assert_eq!(refused.status, 429);
    assert_eq!(refused.problem(), "too-many-requests");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(get("203.0.113.8").status, 200, "another client");
    // An IPv6 network is one client: whoever has one address there has them all.
    let network: Vec<_> = (0..7).map(|n| get(&format!("2001:db8::{n}")).status).collect();
    assert_eq!(network, [200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(get("2001:db8:0:1::1").status, 200, "another network");
    assert!(shop.logged(&refused)["backend"] == "public", "no part of the shop was troubled");
    shop.until("service again", || {
        // Refusals count, too: who comes back must have waited.
        thread::sleep(Duration::from_millis(400));
        (get("203.0.113.7").status == 200).then_some(())
    });
}

#[test]
fn signing_in_and_paying_have_a_limit_of_their_own() {
    let shop = Setup::default()
        .env("GATEWAY_SENSITIVE_RATE", "3")
        .env("GATEWAY_SENSITIVE_SECONDS", "60")
        .start();

    let paths = ["customers", "sessions", "guests", "sessions/refresh", "sessions"];
    let answers = paths.map(|path| shop.ask("POST", &format!("/api/v1/{path}"), &[], "{}"));

    assert_eq!(answers.each_ref().map(|answer| answer.status), [200, 200, 200, 429, 429]);
    assert_eq!(answers[4].header("retry-after"), Some("60"));
    assert_eq!(shop.ask("POST", "/api/v1/checkout", &[], "{}").status, 429);
    assert_eq!(shop.get("/api/v1/home").status, 200);
    assert_eq!(shop.replica("mobile-bff", 1).seen().len(), 4);
}

#[test]
fn bodies_are_as_long_as_the_services_take_them() {
    let shop = Shop::start();
    let (method, path) = GRAPHQL;

    let most = shop.ask(method, path, &[], &"x".repeat(65_536));
    let more = shop.ask(method, path, &[], &"x".repeat(65_537));

    assert_eq!((most.status, most.json()["bytes"].as_u64()), (200, Some(65_536)));
    assert_eq!((more.status, more.problem().as_str()), (413, "body-too-large"));
    let text = "POST /graphql HTTP/1.1\r\nhost: shop.example\r\ntransfer-encoding: chunked\r\n\
        connection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let unknown = client::send(shop.public(), text);
    assert_eq!((unknown.status, unknown.problem().as_str()), (411, "length-required"));
    assert_eq!(shop.replica("web-bff", 1).seen().len(), 1);
}

#[test]
fn heads_have_an_end() {
    let shop = Shop::start();

    let long = shop.ask("GET", "/", &[("x-long", &"x".repeat(20_000))], "");
    let many = vec![("x-many", "1"); 100];
    let many = shop.ask("GET", "/", &many, "");
    let address = shop.get(&format!("/{}", "x".repeat(20_000)));

    for answer in [long, many, address] {
        assert!([400, 414, 431].contains(&answer.status), "{answer:?}");
    }
    assert!(shop.replica("storefront", 1).seen().is_empty());
}

#[test]
fn two_ways_to_read_a_request_are_one_too_many() {
    let shop = Shop::start();

    for head in [
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nabcde",
        "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: a\r\nbad header: 1\r\n\r\n",
        "nonsense\r\n\r\n",
    ] {
        let mut stream = client::connect(shop.public());
        stream.write_all(head.as_bytes()).unwrap();
        // Newer ones close without a word about some of them.
        let status = client::perhaps(stream).map_or(400, |answer| answer.status);
        assert_eq!(status, 400, "{head:?}");
    }
    let both = "POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\
        transfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n";
    assert!([400, 411].contains(&client::send(shop.public(), both).status));
    assert!(shop.replica("web-bff", 1).seen().is_empty());
    assert!(shop.replica("storefront", 1).seen().is_empty());
}

#[test]
fn who_sends_slowly_holds_nothing_for_long() {
    let shop = Setup::default().env("GATEWAY_SLOW_SECONDS", "1").start();

    let mut head = client::connect(shop.public());
    head.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n").unwrap();
    let mut body = client::connect(shop.public());
    body.write_all(b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n12").unwrap();

    for stream in [head, body] {
        let answer = client::read(stream);
        assert_eq!(answer.status, 408, "{answer:?}");
    }
    assert!(shop.replica("web-bff", 1).seen().is_empty(), "no part of the shop was troubled");
}

#[test]
fn a_client_has_so_many_connections_and_no_more() {
    let shop = Setup::default().env("GATEWAY_CONNECTIONS", "5").start();

    let held: Vec<_> = (0..5).map(|_| client::connect(shop.public())).collect();
    let one_more = || {
        let mut stream = client::connect(shop.public());
        // Accepted by the kernel, and closed by the gateway without a word.
        let _ = stream.write_all(client::request("GET", "/", &[], "").as_bytes());
        client::perhaps(stream)
    };
    // The threads that accept them need not do so in order.
    shop.until("a refusal", || one_more().is_none().then_some(()));

    drop(held);
    shop.until("room", one_more);
}
