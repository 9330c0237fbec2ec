//! One HTTP GET, as much as it takes to ask a local service how it is.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::url::Url;

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 200 and so on.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

/// Asks `http://host:port/path`, waiting at most `patience` for each step.
pub fn get(url: &str, patience: Duration) -> Result<Response> {
    let url = Url::parse(url)?;
    let address = (url.host.as_str(), url.port.unwrap_or(80))
        .to_socket_addrs()?
        .next()
        .with_context(|| format!("{} has no address", url.host))?;
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;

    // HTTP/1.0: the answer ends where the connection does, and is never sent in chunks.
    let target = if url.path.is_empty() { "/" } else { &url.path };
    let request = format!("GET {target} HTTP/1.0\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&String::from_utf8_lossy(&answer)).context("the answer is not HTTP")
}

fn parse(answer: &str) -> Option<Response> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut words = head.split_ascii_whitespace();
    words.next().filter(|version| version.starts_with("HTTP/"))?;
    Some(Response { status: words.next()?.parse().ok()?, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{get, parse};
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};
    use std::thread;
    use std::time::Duration;

    #[test]
    fn an_answer_is_its_status_and_its_body() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/health/ready?x=1", listener.local_addr().unwrap());
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 256];
            let length = stream.read(&mut request).unwrap();
            stream.write_all(b"HTTP/1.1 503 Busy\r\nx: y\r\n\r\n{\"a\":1}").unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });

        let response = get(&url, Duration::from_secs(5)).unwrap();

        assert_eq!((response.status, response.body.as_str()), (503, "{\"a\":1}"));
        assert!(server.join().unwrap().starts_with("GET /health/ready?x=1 HTTP/1.0\r\n"));
    }

    #[test]
    fn nobody_listening_is_an_error() {
        let closed = crate::ports::free().unwrap();

        assert!(get(&format!("http://127.0.0.1:{closed}/"), Duration::from_secs(1)).is_err());
    }

    #[test]
    fn another_protocol_is_not_taken_for_http() {
        assert_eq!(parse("AMQP\0\0\t\u{1}\r\n\r\n"), None);
        assert_eq!(parse("HTTP/1.1 OK\r\n\r\n"), None);
    }
}
