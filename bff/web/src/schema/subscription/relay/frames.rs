//! Reads order-history's server-sent events.

use std::time::Duration;

use actix_web::web::{Bytes, BytesMut};
use futures::StreamExt as _;
use futures::stream::BoxStream;
use reqwest::Response;
use tokio::time::timeout;

use crate::upstream::OrderView;

/// No order is longer by far: a frame that does not end is none.
const LONGEST: usize = 1024 * 1024;

/// The events of one answer.
pub(super) struct Frames {
    bytes: BoxStream<'static, reqwest::Result<Bytes>>,
    unread: BytesMut,
    /// Without a sign of life for so long, nobody is at the other end any more.
    silence: Duration,
}

impl Frames {
    pub(super) fn of(response: Response, silence: Duration) -> Self {
        Self { bytes: response.bytes_stream().boxed(), unread: BytesMut::new(), silence }
    }

    /// The next order; none when the stream has ended or gone silent, whatever ended it.
    pub(super) async fn next(&mut self) -> Option<OrderView> {
        loop {
            while let Some(end) = self.unread.windows(2).position(|pair| pair == b"\n\n") {
                let frame = self.unread.split_to(end + 2);
                if let Some(data) = data_of(&frame) {
                    return read(data);
                }
            }
            if self.unread.len() > LONGEST {
                return None;
            }
            let bytes = timeout(self.silence, self.bytes.next()).await.ok()??;
            self.unread.extend_from_slice(&bytes.ok()?);
        }
    }
}

/// The data of an `order` event; none for signs of life and for events we do not know.
fn data_of(frame: &[u8]) -> Option<&str> {
    let frame = std::str::from_utf8(frame).ok()?;
    let field = |name: &str| frame.lines().find_map(|line| line.strip_prefix(name));
    (field("event: ")? == "order").then(|| field("data: "))?
}

fn read(data: &str) -> Option<OrderView> {
    serde_json::from_str(data)
        .inspect_err(|error| tracing::error!(%error, "an update could not be read"))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::data_of;

    #[test]
    fn only_orders_are_taken_from_the_stream() {
        assert_eq!(data_of(b"event: order\nid: 3\ndata: {\"a\":1}\n\n"), Some("{\"a\":1}"));
        for frame in ["retry: 1000\n\n", ": still here\n\n", "event: other\ndata: {}\n\n", "\n\n"] {
            assert_eq!(data_of(frame.as_bytes()), None, "{frame:?}");
        }
    }
}
