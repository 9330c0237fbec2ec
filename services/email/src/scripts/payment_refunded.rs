//! Payment refunded → refund notice.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::payment::PaymentRefunded;

use crate::mails;
use crate::news::News;

pub(super) async fn run(
    tx: &impl ConnectionTrait,
    refunded: &PaymentRefunded,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let news = News::Refund {
        amount: refunded.amount,
        method: refunded.method.clone(),
        at: refunded.refunded_at,
    };
    mails::due(tx, refunded.order, refunded.customer, &news, now).await
}
