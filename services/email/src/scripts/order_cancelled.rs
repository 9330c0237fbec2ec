//! Order cancelled → apology or notice, by the reason.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::order::OrderCancelled;

use crate::mails;
use crate::news::News;

pub(super) async fn run(
    tx: &impl ConnectionTrait,
    cancelled: &OrderCancelled,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let news = News::Cancellation { reason: cancelled.reason };
    mails::due(tx, cancelled.order, cancelled.customer, &news, now).await
}
