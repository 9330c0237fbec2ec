//! Answers that do not end at once.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::client;
use super::shop::Shop;

/// Reads until this was said.
fn until(stream: &mut TcpStream, wanted: &str) -> String {
    let (mut text, mut bytes) = (String::new(), [0; 1024]);
    while !text.contains(wanted) {
        let length = stream.read(&mut bytes).unwrap();
        assert!(length > 0, "it ended before {wanted:?}: {text:?}");
        text.push_str(&String::from_utf8_lossy(&bytes[..length]));
    }
    text
}

#[test]
fn an_event_arrives_before_there_is_another() {
    let shop = Shop::start();
    let mut stream = client::connect(shop.public());
    let asked = [("accept", "text/event-stream")];
    let text = client::request("GET", "/graphql?query=subscription", &asked, "");
    stream.write_all(text.as_bytes()).unwrap();

    let first = until(&mut stream, "data: one");

    assert!(first.contains("text/event-stream") && !first.contains("data: two"), "{first}");
    shop.replica("web-bff", 1).go_on();
    until(&mut stream, "data: two");
}

#[test]
fn a_web_socket_is_a_line_both_ways() {
    let shop = Shop::start();
    let mut stream = client::connect(shop.public());
    let head = "GET /graphql HTTP/1.1\r\nhost: shop.example\r\nupgrade: websocket\r\n\
        connection: Upgrade\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();

    let answer = until(&mut stream, "\r\n\r\n");

    assert!(answer.starts_with("HTTP/1.1 101"), "{answer}");
    for word in ["hello", "again"] {
        stream.write_all(word.as_bytes()).unwrap();
        assert_eq!(until(&mut stream, word), word);
    }
}
