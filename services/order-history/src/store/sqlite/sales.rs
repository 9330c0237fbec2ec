//! Sales figures as SQL over the stored sales.

use chrono::NaiveDate;
use sea_orm::{QueryResult, TryGetable, Value};
use shop_kernel::{LocalizedText, Money};

use super::failed;
use crate::store::stored::corrupt;
use crate::store::{DaySales, Generation, Period, ProductSales, StoreError};

pub(super) const BY_DAY: &str = "\
    SELECT sold_on, sale ->> '$.currency' AS currency, COUNT(*) AS orders, \
           SUM(sale ->> '$.quantity') AS quantity, SUM(sale ->> '$.minor') AS minor \
    FROM documents \
    WHERE generation = ? AND sold_on BETWEEN ? AND ? \
    GROUP BY sold_on, currency ORDER BY sold_on, currency";

/// SQLite takes the names from the row that has the maximum: from the newest order.
/// <https://www.sqlite.org/lang_select.html#bareagg>
pub(super) const BY_PRODUCT: &str = "\
    SELECT line.value ->> '$.product' AS product, sale ->> '$.currency' AS currency, \
           MAX(order_id) AS newest, \
           line.value ->> '$.name.en' AS en, line.value ->> '$.name.ko' AS ko, \
           COUNT(*) AS orders, SUM(line.value ->> '$.quantity') AS quantity, \
           SUM(line.value ->> '$.minor') AS minor \
    FROM documents, json_each(documents.sale, '$.lines') AS line \
    WHERE generation = ? AND sold_on BETWEEN ? AND ? \
    GROUP BY product, currency ORDER BY currency, minor DESC, product LIMIT ?";

pub(super) fn range(generation: Generation, period: Period) -> [Value; 3] {
    [generation.number().into(), period.from.to_string().into(), period.to.to_string().into()]
}

pub(super) fn day(row: &QueryResult) -> Result<DaySales, StoreError> {
    let day: String = get(row, "sold_on")?;
    Ok(DaySales {
        day: day.parse::<NaiveDate>().map_err(corrupt)?,
        orders: get(row, "orders")?,
        quantity: get(row, "quantity")?,
        total: total(row)?,
    })
}

pub(super) fn product(row: &QueryResult) -> Result<ProductSales, StoreError> {
    let product: String = get(row, "product")?;
    Ok(ProductSales {
        product: product.parse().map_err(corrupt)?,
        name: LocalizedText { en: get(row, "en")?, ko: get(row, "ko")? },
        orders: get(row, "orders")?,
        quantity: get(row, "quantity")?,
        total: total(row)?,
    })
}

fn total(row: &QueryResult) -> Result<Money, StoreError> {
    let currency: String = get(row, "currency")?;
    Ok(Money::new(get(row, "minor")?, currency.parse().map_err(corrupt)?))
}

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T, StoreError> {
    row.try_get("", column).map_err(failed)
}
