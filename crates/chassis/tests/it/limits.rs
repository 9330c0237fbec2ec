//! What a client can make us hold.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::Example;

#[tokio::test]
async fn a_body_of_more_than_64_kib_is_refused() {
    let example = Example::start().await;
    let body = format!("{{\"name\":\"{}\",\"parts\":[]}}", "a".repeat(64 * 1024));

    let answer = example.post("/things", &body).await;

    assert_eq!(answer.status(), 413);
}

#[tokio::test]
async fn a_long_body_without_a_length_is_refused_too() {
    let example = Example::start().await;
    let mut stream = TcpStream::connect(example.address).await.unwrap();

    let head = "POST /things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                transfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("8000\r\n{}\r\n", " ".repeat(0x8000));
    for _ in 0..3 {
        // The server may have hung up already.
        drop(stream.write_all(chunk.as_bytes()).await);
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();

    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_headers_is_let_go() {
    let example = Example::start().await;
    let mut stream = TcpStream::connect(example.address).await.unwrap();

    stream.write_all(b"GET /echo-id HTTP/1.1\r\nhost: x\r\n").await.unwrap();
    let mut answer = Vec::new();
    let ended =
        tokio::time::timeout(Duration::from_secs(12), stream.read_to_end(&mut answer)).await;

    assert!(ended.is_ok(), "the connection is still open");
    assert!(answer.starts_with(b"HTTP/1.1 408") || answer.is_empty());
}
