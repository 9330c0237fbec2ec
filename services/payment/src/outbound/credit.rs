//! Credit limits, as operators set them.

use payment_core::domain::{CreditAccount, CreditError};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait as _};
use shop_kernel::{CustomerId, Money};

use super::rows::credit_account::{ActiveModel, Column, Entity};

/// Why a limit was not set.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetLimitError {
    /// It is no limit.
    #[error(transparent)]
    Refused(#[from] CreditError),
    /// The store did not answer.
    #[error("the store failed")]
    Store(#[from] DbErr),
}

/// Sets credit limits.
#[derive(Debug, Clone)]
pub(crate) struct CreditLimits(pub(crate) DatabaseConnection);

impl CreditLimits {
    /// Sets a limit, whether the account was opened or not. One statement: no charge can come
    /// between reading and writing.
    pub(crate) async fn set(
        &self,
        customer: CustomerId,
        limit: Money,
    ) -> Result<CreditAccount, SetLimitError> {
        CreditAccount::open(customer, limit)?;
        let row = ActiveModel {
            customer_id: Set(customer.uuid()),
            currency: Set(limit.currency.code().to_owned()),
            limit_minor: Set(limit.minor),
            used_minor: Set(0),
            revision: Set(1),
        };
        let raised = OnConflict::columns([Column::CustomerId, Column::Currency])
            .update_column(Column::LimitMinor)
            .value(Column::Revision, Expr::col((Entity, Column::Revision)).add(1))
            .to_owned();
        let row = Entity::insert(row).on_conflict(raised).exec_with_returning(&self.0).await?;
        let used = Money::new(row.used_minor, limit.currency);
        Ok(CreditAccount::stored(customer, limit, used)?)
    }
}
