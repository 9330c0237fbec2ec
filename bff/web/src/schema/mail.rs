//! Mails the shop wrote.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A mail the shop wrote.
#[derive(Debug, SimpleObject, Deserialize)]
pub(crate) struct Mail {
    id: ID,
    order: ID,
    /// `receipt`, `confirmation`, `cancellation` or `refund`.
    kind: String,
    /// `pending`, `sent`, `parked` or `skipped`.
    state: String,
    created_at: DateTime<Utc>,
    /// When it was sent, parked or skipped.
    settled_at: Option<DateTime<Utc>>,
    to: Option<String>,
    subject: Option<String>,
    /// The letter as plain text; absent in lists.
    #[serde(default)]
    text: Option<String>,
    /// The letter as a page; absent in lists. `/mails/{id}.html` shows it with a policy of its own.
    #[serde(default)]
    pub(crate) html: Option<String>,
}

/// A stretch of mails.
#[derive(Debug, Default, SimpleObject, Deserialize)]
pub(crate) struct MailPage {
    pub(crate) items: Vec<Mail>,
    /// The `after` of the next page; absent on the last.
    next: Option<String>,
}
