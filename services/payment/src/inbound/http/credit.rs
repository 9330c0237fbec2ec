//! Store credit.

use actix_web::web::{self, Json};
use actix_web::{get, put};
use chassis::Problem;
use chassis::auth::{Operator, SignedInCustomer};
use payment_core::app::Payments;
use payment_core::domain::CreditAccount;
use serde::{Deserialize, Serialize};
use shop_kernel::{Currency, CustomerId, Money};
use utoipa::ToSchema;

use super::code;
use crate::outbound::credit::{CreditLimits, SetLimitError};
use crate::outbound::reports::Reports;

/// A customer's store credit in one currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoreCredit)]
pub(super) struct CreditBody {
    #[schema(value_type = String)]
    currency: Currency,
    /// What may be used at most.
    #[schema(value_type = Object)]
    limit: Money,
    /// What is used.
    #[schema(value_type = Object)]
    used: Money,
    /// What an order may still take.
    #[schema(value_type = Object)]
    available: Money,
}

/// A customer's store credit, one entry per currency of the shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoreCredits)]
pub(super) struct CreditsBody {
    items: Vec<CreditBody>,
}

/// What a customer may owe the shop.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = CreditLimit)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitBody {
    #[schema(value_type = Object)]
    limit: Money,
}

impl From<CreditAccount> for CreditBody {
    fn from(account: CreditAccount) -> Self {
        Self {
            currency: account.limit().currency,
            limit: account.limit(),
            used: account.used(),
            available: account.available(),
        }
    }
}

/// Shows the customer's store credit in every currency, used or not.
#[utoipa::path(
    tag = "store credit",
    security(("bearer" = [])),
    responses(
        (status = 200, body = CreditsBody),
        (status = 401, body = Problem), (status = 403, body = Problem),
    )
)]
#[get("/credit")]
pub(super) async fn read_credit(
    customer: SignedInCustomer,
    reports: web::Data<Reports>,
    payments: web::Data<Payments>,
) -> Result<Json<CreditsBody>, Problem> {
    let known = reports.credit_of(customer.id).await?;
    let mut items = Vec::new();
    for currency in Currency::ALL {
        let account = known.iter().find(|account| account.limit().currency == currency);
        let account = match account {
            Some(account) => *account,
            None => {
                let limit = payments.policy().credit_limit(currency);
                CreditAccount::open(customer.id, limit).map_err(Problem::internal)?
            }
        };
        items.push(account.into());
    }
    Ok(Json(CreditsBody { items }))
}

/// Sets what a customer may owe in one currency; what is used already stays used.
#[utoipa::path(
    tag = "operations",
    params(("customer" = String, Path, description = "as `cus_…`")),
    request_body = LimitBody,
    security(("bearer" = [])),
    responses(
        (status = 200, body = CreditBody),
        (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 422, body = Problem, description = "a negative limit"),
    )
)]
#[put("/ops/credit/{customer}")]
pub(super) async fn set_credit_limit(
    _: Operator,
    limits: web::Data<CreditLimits>,
    customer: web::Path<CustomerId>,
    body: Json<LimitBody>,
) -> Result<Json<CreditBody>, Problem> {
    let account = limits.set(*customer, body.limit).await.map_err(|error| match error {
        SetLimitError::Refused(error) => {
            Problem::unprocessable(code::LIMIT_NOT_VALID, error.to_string())
        }
        SetLimitError::Store(error) => error.into(),
    })?;
    chassis::audit::detail("limit", body.limit.to_string());
    Ok(Json(account.into()))
}
