//! The kept mails over HTTP: a page for people and JSON for programs.
//!
//! Written out by hand: four GET routes do not earn a web framework.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use std::sync::Arc;

use crate::message::Message;
use crate::sink::Sink;

const MAX_REQUEST_BYTES: u64 = 16 * 1024;
const MAX_REQUEST_TIME: Duration = Duration::from_secs(5);

/// Serves `/`, `/api/messages`, `/api/messages/{number}` and `/health/*` until it is dropped.
pub async fn serve(listener: TcpListener, sink: Arc<Sink>) -> io::Result<()> {
    let requests = TaskTracker::new();
    loop {
        let (stream, _) = listener.accept().await?;
        let sink = Arc::clone(&sink);
        requests.spawn(async move {
            // Whoever asks and does not wait for the answer needs none.
            let _ = timeout(MAX_REQUEST_TIME, answer(stream, &sink)).await;
        });
    }
}

async fn answer(stream: TcpStream, sink: &Sink) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut head = (&mut stream).take(MAX_REQUEST_BYTES);
    let mut request = String::new();
    head.read_line(&mut request).await?;
    let mut header = String::new();
    while head.read_line(&mut header).await? > 2 {
        header.clear();
    }

    let page = Page::for_request(&request, sink);
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-type: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        page.status,
        page.content_type,
        page.body.len(),
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(page.body.as_bytes()).await?;
    stream.shutdown().await
}

struct Page {
    status: &'static str,
    content_type: &'static str,
    body: String,
}

impl Page {
    fn for_request(request: &str, sink: &Sink) -> Self {
        let mut words = request.split_ascii_whitespace();
        let (Some("GET"), Some(target)) = (words.next(), words.next()) else {
            return Self::error("405 Method Not Allowed");
        };
        let path = target.split('?').next().unwrap_or_default();
        match path {
            "/" => Self::ok("text/html; charset=utf-8", html(&sink.mails())),
            "/api/messages" => Self::json(&sink.mails()),
            "/health/live" | "/health/ready" => {
                Self::ok("application/json", r#"{"status":"ok"}"#.to_owned())
            }
            _ => path
                .strip_prefix("/api/messages/")
                .and_then(|number| sink.find(number.parse().ok()?))
                .map_or_else(
                    || Self::error("404 Not Found"),
                    |mail| Self::ok("text/plain; charset=utf-8", mail.raw),
                ),
        }
    }

    fn ok(content_type: &'static str, body: String) -> Self {
        Self { status: "200 OK", content_type, body }
    }

    fn json(mails: &[Message]) -> Self {
        serde_json::to_string(mails).map_or_else(
            |_| Self::error("500 Internal Server Error"),
            |body| Self::ok("application/json", body),
        )
    }

    fn error(status: &'static str) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: format!("{status}\n") }
    }
}

/// A list a person can read, newest first.
fn html(mails: &[Message]) -> String {
    let mut page = String::from(
        "<!doctype html><meta charset=utf-8><title>Mails</title>\
         <style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}\
         td{padding:.25rem 1rem .25rem 0;border-top:1px solid #ddd}</style><h1>Mails</h1>",
    );
    if mails.is_empty() {
        page.push_str("<p>None yet: place an order.");
    }
    page.push_str("<table>");
    for mail in mails.iter().rev() {
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            "<tr><td><a href=\"/api/messages/{0}\">{0}</a><td>{1}<td>{2}",
            mail.number,
            escaped(&mail.to.join(", ")),
            escaped(&mail.subject),
        );
    }
    page + "</table>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
