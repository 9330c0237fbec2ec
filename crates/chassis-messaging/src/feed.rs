//! The feed: everything a service ever published, in publish order.

use sea_orm::{DatabaseConnection, DbErr};
use serde::{Deserialize, Serialize};
use shop_contracts::RawEnvelope;

use crate::outbox;

/// A stretch of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedPage {
    /// The messages, in publish order.
    pub items: Vec<FeedItem>,
    /// Where to go on: the `after` of the next request.
    pub next_after: i64,
    /// Whether nothing more was published when this was read.
    pub is_end: bool,
}

/// A published message and its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem {
    /// Its publish number: counts up by one, from 1.
    pub no: i64,
    /// The message.
    pub message: RawEnvelope,
}

/// The most messages one page holds.
pub const MAX_PAGE: u64 = 500;

/// Reads up to `limit` messages published after number `after`; 0 starts at the beginning.
///
/// # Errors
/// When the store does not answer.
pub async fn read(db: &DatabaseConnection, after: i64, limit: u64) -> Result<FeedPage, DbErr> {
    let limit = limit.clamp(1, MAX_PAGE);
    // One more than asked for tells whether there is more.
    let mut rows = outbox::published(db, after, limit + 1).await?;
    let is_end = rows.len() as u64 <= limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let items: Vec<_> = rows
        .into_iter()
        .filter_map(|row| row.published_no.map(|no| FeedItem { no, message: row.into() }))
        .collect();
    let next_after = items.last().map_or(after, |item| item.no);
    Ok(FeedPage { items, next_after, is_end })
}
