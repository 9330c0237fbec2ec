//! Requests by the letter: what is odd about them is what the tests are about.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Everything here answers sooner, or is broken.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        Some(Self { status, headers: headers.collect(), body: body.to_owned() })
    }

    fn is_whole(&self) -> bool {
        let length = self.header("content-length").and_then(|length| length.parse::<usize>().ok());
        length.is_some_and(|length| self.body.len() >= length)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// Which replica answered.
    pub(super) fn by(&self) -> String {
        self.json()["by"].as_str().unwrap_or_else(|| panic!("no replica's: {self:?}")).to_owned()
    }

    /// A header as it arrived behind the gateway.
    pub(super) fn arrived(&self, name: &str) -> Option<String> {
        self.json()["headers"][name].as_str().map(str::to_owned)
    }

    /// The code of a problem document whose status is that of the answer.
    pub(super) fn problem(&self) -> String {
        let json = self.json();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!(json["status"], self.status, "{self:?}");
        assert_eq!(json["request_id"].as_str(), self.header("x-request-id"), "{self:?}");
        json["code"].as_str().unwrap().to_owned()
    }
}

pub(super) fn connect(to: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends what is to be sent, and reads the answer.
pub(super) fn send(to: SocketAddr, text: &str) -> Answer {
    let mut stream = connect(to);
    // Who is refused may not get rid of all of it.
    let _ = stream.write_all(text.as_bytes());
    read(stream)
}

pub(super) fn read(stream: TcpStream) -> Answer {
    perhaps(stream).unwrap_or_else(|| panic!("it was closed without an answer"))
}

/// The answer, unless the connection ends without one.
pub(super) fn perhaps(mut stream: TcpStream) -> Option<Answer> {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let length = stream.read(&mut part).unwrap_or(0);
        bytes.extend(&part[..length]);
        let answer = Answer::parse(&String::from_utf8_lossy(&bytes));
        if length == 0 || answer.as_ref().is_some_and(Answer::is_whole) {
            return answer;
        }
    }
}

/// A request with these headers, after which the connection ends.
pub(super) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: shop.example\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        text.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    format!("{text}connection: close\r\n\r\n{body}")
}
