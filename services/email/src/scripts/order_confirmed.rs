//! Order confirmed → confirmation, unless it is cancelled before the sender comes to it.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::order::OrderConfirmed;

use crate::mails;
use crate::news::News;

pub(super) async fn run(
    tx: &impl ConnectionTrait,
    confirmed: &OrderConfirmed,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let news = News::Confirmation { cancellable_until: confirmed.cancellable_until };
    mails::due(tx, confirmed.order, confirmed.customer, &news, now).await
}
