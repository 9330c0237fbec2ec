//! Order placed → nothing to say yet, but now it is known to whom.

use sea_orm::{ConnectionTrait, DbErr};
use shop_contracts::order::OrderPlaced;

use crate::contacts;

pub(super) async fn run(tx: &impl ConnectionTrait, placed: &OrderPlaced) -> Result<(), DbErr> {
    contacts::keep(tx, placed).await
}
