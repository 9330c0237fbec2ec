//! Sales figures, for operators.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chassis::auth::Operator;
use chassis::{Problem, Valid};
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use shop_kernel::{LocalizedText, Money, ProductId};
use utoipa::{IntoParams, ToSchema};

use super::code;
use crate::history::History;
use crate::schema::{MoneyShape, TextShape};
use crate::store::{DaySales, Period, ProductSales};

/// A chart of more days than these has no room for them, and the answer has no pages.
const LONGEST: i64 = 366;
/// How many products are told when nobody says.
const PRODUCTS: u32 = 50;

/// Which sales are asked for.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
struct SalesParams {
    /// The first UTC day.
    #[garde(skip)]
    #[param(value_type = String, example = "2026-11-01")]
    from: NaiveDate,
    /// The last UTC day, included.
    #[garde(skip)]
    #[param(value_type = String, example = "2026-11-30")]
    to: NaiveDate,
    /// `day` or `product`.
    #[garde(skip)]
    group: Group,
    /// Of products, those with the largest sums: 1 to 500; 50 when absent.
    #[garde(range(min = 1, max = 500))]
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Group {
    Day,
    Product,
}

/// Sales figures: confirmed orders only, one row per currency.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "group", rename_all = "kebab-case")]
enum Sales {
    /// Oldest day first; days without a sale are left out.
    Day { rows: Vec<DayRow> },
    /// The largest sums first.
    Product { rows: Vec<ProductRow> },
}

#[derive(Debug, Serialize, ToSchema)]
struct DayRow {
    /// The UTC day the orders were confirmed.
    #[schema(value_type = String, example = "2026-11-20")]
    day: NaiveDate,
    orders: i64,
    /// How many pieces.
    quantity: i64,
    #[schema(value_type = MoneyShape)]
    total: Money,
}

#[derive(Debug, Serialize, ToSchema)]
struct ProductRow {
    #[schema(value_type = String)]
    product: ProductId,
    /// Its name in the newest of these orders.
    #[schema(value_type = TextShape)]
    name: LocalizedText,
    orders: i64,
    /// How many pieces.
    quantity: i64,
    #[schema(value_type = MoneyShape)]
    total: Money,
}

/// Sums up confirmed orders by day or by product.
#[utoipa::path(tag = "sales", params(SalesParams), security(("bearer" = [])), responses(
    (status = 200, body = Sales),
    (status = 400, body = Problem, description = "`query-not-valid`"),
    (status = 403, body = Problem, description = "`not-allowed`: operators only"),
    (status = 422, body = Problem, description = "`period-not-valid`, `not-valid`"),
))]
#[get("/sales")]
pub(super) async fn read_sales(
    _operator: Operator,
    params: Valid<Query<SalesParams>>,
    history: Data<History>,
) -> Result<Json<Sales>, Problem> {
    let Valid(Query(params)) = params;
    let days = (params.to - params.from).num_days();
    if !(0..LONGEST).contains(&days) {
        let detail = format!("a period has 1 to {LONGEST} days");
        return Err(Problem::unprocessable(code::PERIOD_NOT_VALID, detail));
    }
    let period = Period { from: params.from, to: params.to };
    Ok(Json(match params.group {
        Group::Day => {
            let sales = history.sales_by_day(period).await?;
            Sales::Day { rows: sales.into_iter().map(DayRow::from).collect() }
        }
        Group::Product => {
            let limit = params.limit.unwrap_or(PRODUCTS);
            let sales = history.sales_by_product(period, limit).await?;
            Sales::Product { rows: sales.into_iter().map(ProductRow::from).collect() }
        }
    }))
}

impl From<DaySales> for DayRow {
    fn from(sales: DaySales) -> Self {
        let DaySales { day, orders, quantity, total } = sales;
        Self { day, orders, quantity, total }
    }
}

impl From<ProductSales> for ProductRow {
    fn from(sales: ProductSales) -> Self {
        let ProductSales { product, name, orders, quantity, total } = sales;
        Self { product, name, orders, quantity, total }
    }
}
