//! Watching an order in the read model, as a browser does: server-sent events.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::api::Api;
use crate::orders::now;

/// What takes longer is lost.
const BOUND: Duration = Duration::from_secs(30);
/// Before the read model has heard of an order, there is nothing to follow.
const ASK_AGAIN: Duration = Duration::from_millis(1);

/// Watches orders in `order-history`.
#[derive(Debug, Clone)]
pub struct Watch {
    http: reqwest::Client,
    url: String,
}

impl Watch {
    /// A watch over this shop's read model.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(api: &Api) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, url: api.url("order-history")?.to_owned() })
    }

    /// When the order was first shown as confirmed, in microseconds since 1970.
    ///
    /// # Errors
    /// When it is not, or shown as cancelled.
    pub async fn until_confirmed(&self, order: &str, token: &str) -> Result<i64> {
        let confirmed = timeout(BOUND, self.follow(order, token));
        confirmed.await.with_context(|| format!("{order} is not visible"))?
    }

    async fn follow(&self, order: &str, token: &str) -> Result<i64> {
        let mut stream = loop {
            let url = format!("{}/orders/{order}/updates", self.url);
            let response = self.http.get(url).bearer_auth(token).send().await?;
            match response.status() {
                StatusCode::OK => break response,
                StatusCode::NOT_FOUND => sleep(ASK_AGAIN).await,
                status => bail!("the updates of {order} were answered {status}"),
            }
        };
        let mut events = Events::default();
        while let Some(status) = events.next(&mut stream).await? {
            match status.as_str() {
                "confirmed" => return Ok(now()),
                "cancelled" => bail!("{order} was cancelled"),
                _ => {}
            }
        }
        bail!("the updates of {order} ended");
    }
}

/// A stream of events as it comes in, in pieces of any size.
#[derive(Debug, Default)]
struct Events {
    pending: Vec<u8>,
}

impl Events {
    /// The status in the next event; `None` at the end of the stream.
    async fn next(&mut self, stream: &mut Response) -> Result<Option<String>> {
        loop {
            if let Some(status) = self.take() {
                return Ok(Some(status));
            }
            match stream.chunk().await.context("the updates broke off")? {
                Some(piece) => self.pending.extend_from_slice(&piece),
                None => return Ok(None),
            }
        }
    }

    /// The status in the next whole line of data.
    fn take(&mut self) -> Option<String> {
        while let Some(end) = self.pending.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.pending.drain(..=end).collect();
            let Some(data) = line.strip_prefix(b"data: ") else { continue };
            let view: Value = serde_json::from_slice(data).unwrap_or_default();
            if let Some(status) = view.get("status").and_then(Value::as_str) {
                return Some(status.to_owned());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Events;

    #[test]
    fn an_event_is_read_when_its_line_has_ended() {
        let text = "retry: 1000\n\nevent: order\nid: 1\ndata: {\"status\":\"placed\"}\n\n: still \
                    here\n\nevent: order\nid: 4\ndata: {\"status\":\"confirmed\"}\n\n";
        let mut events = Events::default();

        let mut seen = Vec::new();
        for byte in text.bytes() {
            events.pending.push(byte);
            seen.extend(events.take());
        }

        assert_eq!(seen, ["placed", "confirmed"]);
    }
}
