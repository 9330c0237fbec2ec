//! What is stored, with the revision it has.

use payment_core::domain::{CreditAccount, Record};
use payment_core::ports::{Revised, StoreError};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use shop_kernel::{Currency, CustomerId, Money, PaymentId};

use super::store_error;
use crate::outbound::rows;

/// What is known of a payment.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    payment: PaymentId,
) -> Result<Option<Revised<Record>>, StoreError> {
    let found = rows::payment::Entity::find_by_id(payment.uuid()).one(db).await;
    let Some(row) = found.map_err(store_error)? else {
        return Ok(None);
    };
    let value = rows::record(&row).map_err(|error| StoreError::Failed(error.into()))?;
    Ok(Some(Revised { value, revision: row.revision }))
}

/// The store credit of a customer.
pub(super) async fn credit(
    db: &impl ConnectionTrait,
    customer: CustomerId,
    currency: Currency,
) -> Result<Option<Revised<CreditAccount>>, StoreError> {
    let key = (customer.uuid(), currency.code().to_owned());
    let found = rows::credit_account::Entity::find_by_id(key).one(db).await;
    let Some(row) = found.map_err(store_error)? else {
        return Ok(None);
    };
    let (limit, used) =
        (Money::new(row.limit_minor, currency), Money::new(row.used_minor, currency));
    let value = CreditAccount::stored(customer, limit, used)
        .map_err(|error| StoreError::Failed(error.into()))?;
    Ok(Some(Revised { value, revision: row.revision }))
}
