//! Orders that were accepted, and what `order` recorded about them afterwards.

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;
use shop_kernel::{Clock as _, SystemClock};

use crate::api::{Api, list, text};
use crate::customers::AT_ONCE;
use crate::wire::Answer;

/// An order, and the moment its customer knew that it was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// As `ord_…`.
    pub order: String,
    /// In microseconds since 1970, as all times here: services and bench share the clock.
    pub at: i64,
}

impl Accepted {
    /// Takes the order's id from the answer that came at that time.
    ///
    /// # Errors
    /// When the answer is anything but 202.
    pub fn from(answer: &Answer, at: i64) -> Result<Self> {
        let body = String::from_utf8_lossy(&answer.body);
        if answer.status != 202 {
            bail!("a checkout was answered {}: {body}", answer.status);
        }
        let body: Value = serde_json::from_str(&body).context("not JSON")?;
        Ok(Self { order: text(&body, "/id")?.to_owned(), at })
    }
}

/// The present moment, in microseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    SystemClock.now().timestamp_micros()
}

/// When each order was confirmed, in microseconds since 1970: the time written in its event,
/// which is taken just before the commit.
///
/// # Errors
/// When one is not confirmed.
pub async fn confirmed_at(api: &Api, accepted: &[Accepted]) -> Result<Vec<i64>> {
    let operator = api.operator().await?;
    let operator = operator.as_str();
    let confirmed = stream::iter(accepted).map(|accepted| async move {
        let events = events(api, &accepted.order, operator).await?;
        let found = events.iter().find(|event| event["type"] == "confirmed");
        let found = found.with_context(|| format!("{} was not confirmed", accepted.order))?;
        let time: DateTime<Utc> = text(found, "/recorded_at")?.parse()?;
        anyhow::Ok(time.timestamp_micros())
    });
    confirmed.buffered(AT_ONCE).try_collect().await
}

/// What `order` stored of the placing of an order, as JSON.
///
/// # Errors
/// When it stored nothing.
pub async fn placed(api: &Api, order: &str) -> Result<Value> {
    let operator = api.operator().await?;
    let events = events(api, order, &operator).await?;
    let placed = events.iter().find(|event| event["type"] == "placed");
    placed.and_then(|event| event.get("data")).cloned().context("an order that was never placed")
}

async fn events(api: &Api, order: &str, token: &str) -> Result<Vec<Value>> {
    let events = api.get("order", &format!("/orders/{order}/events"), Some(token)).await?;
    list(&events, "/items").map(<[Value]>::to_vec)
}
