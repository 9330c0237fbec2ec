//! Payment processed → receipt.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::payment::PaymentProcessed;

use crate::mails;
use crate::news::News;

pub(super) async fn run(
    tx: &impl ConnectionTrait,
    paid: &PaymentProcessed,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let news =
        News::Receipt { amount: paid.amount, method: paid.method.clone(), at: paid.processed_at };
    mails::due(tx, paid.order, paid.customer, &news, now).await
}
