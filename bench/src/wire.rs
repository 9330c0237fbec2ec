//! HTTP/1.1 on a kept-open connection, as little of it as a load generator needs.
//!
//! The generator shares the cores with what it measures: what it saves, the shop gets.

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use xtask::url::Url;

/// No answer that is measured is longer.
const LONGEST_ANSWER: usize = 64 * 1024;

/// A connection that asks one thing after the other.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// As 202.
    pub status: u16,
    /// As it came.
    pub body: Vec<u8>,
}

/// A whole request to the server at `url`.
///
/// # Errors
/// When `url` is none.
pub fn request(
    method: &str,
    url: &str,
    path: &str,
    headers: &[(&str, String)],
    body: &str,
) -> Result<Vec<u8>> {
    let host = place(url)?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    Ok(request.into_bytes())
}

fn place(url: &str) -> Result<String> {
    let url = Url::parse(url)?;
    Ok(format!("{}:{}", url.host, url.port.unwrap_or(80)))
}

impl Connection {
    /// Connects to the server at `url`.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn open(url: &str) -> Result<Self> {
        let stream = TcpStream::connect(place(url)?).await.context("could not connect")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// When the connection breaks, or the answer has no length.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await.context("could not send the request")?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await;
            if read.context("the answer broke off")? == 0 {
                bail!("the server closed the connection");
            }
            if let Some(answer) = answer_in(&self.buffer)? {
                return Ok(answer);
            }
            if self.buffer.len() > LONGEST_ANSWER {
                bail!("the answer is longer than {LONGEST_ANSWER} bytes");
            }
        }
    }
}

/// The answer at the start of `bytes`, once it is there to its end.
fn answer_in(bytes: &[u8]) -> Result<Option<Answer>> {
    const END: &[u8] = b"\r\n\r\n";
    let Some(length) = bytes.windows(END.len()).position(|window| window == END) else {
        return Ok(None);
    };
    let (head, rest) = bytes.split_at(length);
    let head = std::str::from_utf8(head).context("the answer is not HTTP")?;
    let mut lines = head.split("\r\n");
    let status =
        lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok());
    let status = status.with_context(|| format!("not HTTP/1.1: {head}"))?;
    let length = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    let length = length.with_context(|| format!("the answer has no length: {head}"))??;
    let body = rest.get(END.len()..).unwrap_or_default();
    Ok(body.get(..length).map(|body| Answer { status, body: body.to_vec() }))
}

#[cfg(test)]
mod tests {
    use super::{Answer, answer_in, request};

    #[test]
    fn a_request_has_its_headers_and_the_length_of_its_body() {
        let headers = [("idempotency-key", "k1".to_owned())];

        let request = request("POST", "http://127.0.0.1:81", "/orders", &headers, "{}").unwrap();

        let expected = "POST /orders HTTP/1.1\r\nhost: 127.0.0.1:81\r\nidempotency-key: k1\r\n\
                        content-length: 2\r\n\r\n{}";
        assert_eq!(String::from_utf8(request).unwrap(), expected);
    }

    #[test]
    fn an_answer_is_whole_with_its_last_byte() {
        let whole = b"HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\nx: y\r\n\r\n{\"a\"";

        for cut in 0..whole.len() {
            assert_eq!(answer_in(&whole[..cut]).unwrap(), None, "after {cut} bytes");
        }
        let answer = Answer { status: 202, body: b"{\"a\"".to_vec() };
        assert_eq!(answer_in(whole).unwrap(), Some(answer));
    }

    #[test]
    fn what_is_no_answer_of_known_length_is_refused() {
        for odd in ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "SMTP\r\n\r\n"] {
            assert!(answer_in(odd.as_bytes()).is_err(), "{odd}");
        }
    }
}
