//! Lines in and out of the socket, with a bound on what one may cost.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub(super) struct Wire {
    stream: BufReader<TcpStream>,
}

/// A line without its ending.
pub(super) struct Line {
    bytes: Vec<u8>,
    /// It was longer than allowed; the surplus is gone.
    pub(super) cut: bool,
}

impl Line {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// Sends an answer, which may be of several lines.
    pub(super) async fn say(&mut self, answer: &str) -> io::Result<()> {
        let line = format!("{answer}\r\n");
        self.stream.write_all(line.as_bytes()).await?;
        self.stream.flush().await
    }

    /// The next line; `None` when the client has hung up.
    pub(super) async fn line(&mut self, limit: usize) -> io::Result<Option<Line>> {
        let mut line = Line { bytes: Vec::new(), cut: false };
        loop {
            let chunk = self.stream.fill_buf().await?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(chunk.len(), |end| end + 1);
            let room = limit.saturating_sub(line.bytes.len());
            line.bytes.extend(chunk.iter().take(used.min(room)));
            line.cut |= used > room;
            self.stream.consume(used);
            if end.is_some() {
                line.bytes.pop_if(|byte| *byte == b'\n');
                line.bytes.pop_if(|byte| *byte == b'\r');
                return Ok(Some(line));
            }
        }
    }

    /// Reads a mail up to its closing dot; `None` when it is larger than `limit`.
    pub(super) async fn mail(
        &mut self,
        limit: usize,
        silence: Duration,
    ) -> io::Result<Option<Vec<u8>>> {
        let mut mail = Vec::new();
        let mut too_large = false;
        loop {
            let line = timeout(silence, self.line(limit)).await??;
            let Some(line) = line else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            if line.bytes == b"." {
                return Ok((!too_large).then_some(mail));
            }
            too_large |= line.cut || mail.len() + line.bytes.len() + 2 > limit;
            if !too_large {
                // The client doubles a dot that starts a line, to tell it from the closing one.
                mail.extend_from_slice(line.bytes.strip_prefix(b".").unwrap_or(&line.bytes));
                mail.extend_from_slice(b"\r\n");
            }
        }
    }
}
