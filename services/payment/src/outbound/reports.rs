//! What is read for people and for the audit: payments one by one, parked ones, and sums.

use payment_core::domain::{CreditAccount, Record};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _, FromQueryResult,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use shop_kernel::{Currency, CustomerId, Money, OrderId, PaymentId, RefundId};

use super::rows::payment::{Column, Entity, Model, Status};
use super::rows::{self, CorruptRow, credit_account};

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReportError {
    /// The store did not answer.
    #[error("the store failed")]
    Store(#[from] DbErr),
    /// A row makes no sense.
    #[error(transparent)]
    Row(#[from] CorruptRow),
    /// An account makes no sense.
    #[error(transparent)]
    Account(#[from] payment_core::domain::CreditError),
}

/// Payments of one currency in one state, together.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Sum {
    currency: Option<String>,
    status: Status,
    pub(crate) payments: i64,
    pub(crate) amount_minor: Option<i64>,
}

impl Sum {
    /// The currency; none for tombstones.
    pub(crate) fn currency(&self) -> Option<Currency> {
        self.currency.as_deref()?.parse().ok()
    }

    /// Whether the money of these was taken, given back or not.
    pub(crate) fn was_charged(&self) -> bool {
        match self.status {
            Status::Charged | Status::RefundDue | Status::RefundParked | Status::Refunded => true,
            Status::Tombstone
            | Status::Due
            | Status::Charging
            | Status::Withdrawn
            | Status::Failed => false,
        }
    }

    /// Whether it was given back.
    pub(crate) fn was_refunded(&self) -> bool {
        self.status == Status::Refunded
    }

    /// Whether giving it back waits for an operator.
    pub(crate) fn is_parked(&self) -> bool {
        self.status == Status::RefundParked
    }
}

/// Reads what is stored, without changing any of it.
#[derive(Debug, Clone)]
pub(crate) struct Reports(pub(crate) DatabaseConnection);

impl Reports {
    /// What is kept about the money of an order.
    pub(crate) async fn of_order(&self, order: OrderId) -> Result<Option<Record>, ReportError> {
        let row = Entity::find().filter(Column::OrderId.eq(order.uuid())).one(&self.0).await?;
        Ok(row.as_ref().map(rows::record).transpose()?)
    }

    /// The payment a refund belongs to.
    pub(crate) async fn of_refund(&self, refund: RefundId) -> Result<Option<PaymentId>, DbErr> {
        let row = Entity::find().filter(Column::RefundId.eq(refund.uuid())).one(&self.0).await?;
        Ok(row.map(|row| PaymentId::from_uuid(row.id)))
    }

    /// Parked refunds, at most `limit`.
    pub(crate) async fn parked(&self, limit: u64) -> Result<Vec<Record>, ReportError> {
        let parked = Entity::find().filter(Column::Status.eq(Status::RefundParked));
        read(parked.order_by_asc(Column::Id).limit(limit).all(&self.0).await?)
    }

    /// Up to `limit` payments after one, in the order of their ids.
    pub(crate) async fn page(
        &self,
        after: Option<PaymentId>,
        limit: u64,
    ) -> Result<Vec<Record>, ReportError> {
        let mut page = Entity::find();
        if let Some(after) = after {
            page = page.filter(Column::Id.gt(after.uuid()));
        }
        read(page.order_by_asc(Column::Id).limit(limit).all(&self.0).await?)
    }

    /// All payments, counted and summed by currency and state.
    pub(crate) async fn sums(&self) -> Result<Vec<Sum>, DbErr> {
        // PostgreSQL sums bigints into a numeric, which is not what money is here.
        let amount = Expr::col(Column::AmountMinor).sum().cast_as("bigint");
        Entity::find()
            .select_only()
            .column(Column::Currency)
            .column(Column::Status)
            .column_as(Column::Id.count(), "payments")
            .column_as(amount, "amount_minor")
            .group_by(Column::Currency)
            .group_by(Column::Status)
            .into_model()
            .all(&self.0)
            .await
    }

    /// A customer's store credit, where it was used or given a limit.
    pub(crate) async fn credit_of(
        &self,
        customer: CustomerId,
    ) -> Result<Vec<CreditAccount>, ReportError> {
        let rows = credit_account::Entity::find()
            .filter(credit_account::Column::CustomerId.eq(customer.uuid()))
            .all(&self.0)
            .await?;
        let mut accounts = Vec::with_capacity(rows.len());
        for row in rows {
            let Ok(currency) = row.currency.parse::<Currency>() else { continue };
            let (limit, used) =
                (Money::new(row.limit_minor, currency), Money::new(row.used_minor, currency));
            accounts.push(CreditAccount::stored(customer, limit, used)?);
        }
        Ok(accounts)
    }
}

fn read(rows: Vec<Model>) -> Result<Vec<Record>, ReportError> {
    Ok(rows.iter().map(rows::record).collect::<Result<_, _>>()?)
}
