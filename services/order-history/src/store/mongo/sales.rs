//! Sales figures as aggregation pipelines over the stored sales.

use bson::{Document as Bson, doc};
use chrono::NaiveDate;
use futures::TryStreamExt as _;
use mongodb::Collection;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shop_kernel::{Currency, LocalizedText, Money, ProductId};

use super::answer;
use crate::store::stored::Stored;
use crate::store::{DaySales, Period, ProductSales, StoreError};

#[derive(Deserialize)]
struct Day {
    #[serde(rename = "_id")]
    key: DayKey,
    orders: i64,
    quantity: i64,
    minor: i64,
}

#[derive(Deserialize)]
struct DayKey {
    day: NaiveDate,
    currency: Currency,
}

pub(super) async fn by_day(
    documents: &Collection<Stored>,
    period: Period,
) -> Result<Vec<DaySales>, StoreError> {
    let days: Vec<Day> = aggregate(
        documents,
        vec![
            sold_in(period),
            doc! { "$group": {
                "_id": { "day": "$sale.day", "currency": "$sale.currency" },
                "orders": { "$sum": 1 },
                "quantity": { "$sum": "$sale.quantity" },
                "minor": { "$sum": "$sale.minor" },
            } },
            doc! { "$sort": { "_id.day": 1, "_id.currency": 1 } },
        ],
    )
    .await?;
    let sales = |day: Day| DaySales {
        day: day.key.day,
        orders: day.orders,
        quantity: day.quantity,
        total: Money::new(day.minor, day.key.currency),
    };
    Ok(days.into_iter().map(sales).collect())
}

#[derive(Deserialize)]
struct Product {
    #[serde(rename = "_id")]
    key: ProductKey,
    name: LocalizedText,
    orders: i64,
    quantity: i64,
    minor: i64,
}

#[derive(Deserialize)]
struct ProductKey {
    product: ProductId,
    currency: Currency,
}

pub(super) async fn by_product(
    documents: &Collection<Stored>,
    period: Period,
    limit: u32,
) -> Result<Vec<ProductSales>, StoreError> {
    let products: Vec<Product> = aggregate(
        documents,
        vec![
            sold_in(period),
            // So that the last name is the one of the newest order.
            doc! { "$sort": { "_id": 1 } },
            doc! { "$unwind": "$sale.lines" },
            doc! { "$group": {
                "_id": { "product": "$sale.lines.product", "currency": "$sale.currency" },
                "name": { "$last": "$sale.lines.name" },
                "orders": { "$sum": 1 },
                "quantity": { "$sum": "$sale.lines.quantity" },
                "minor": { "$sum": "$sale.lines.minor" },
            } },
            doc! { "$sort": { "_id.currency": 1, "minor": -1, "_id.product": 1 } },
            doc! { "$limit": i64::from(limit) },
        ],
    )
    .await?;
    let sales = |product: Product| ProductSales {
        product: product.key.product,
        name: product.name,
        orders: product.orders,
        quantity: product.quantity,
        total: Money::new(product.minor, product.key.currency),
    };
    Ok(products.into_iter().map(sales).collect())
}

/// Days are texts of the form 2026-11-20, which sort as the days do.
fn sold_in(period: Period) -> Bson {
    let (from, to) = (period.from.to_string(), period.to.to_string());
    doc! { "$match": { "sale.day": { "$gte": from, "$lte": to } } }
}

async fn aggregate<T: DeserializeOwned + Send + Sync + Unpin>(
    documents: &Collection<Stored>,
    pipeline: Vec<Bson>,
) -> Result<Vec<T>, StoreError> {
    answer(async { documents.aggregate(pipeline).with_type::<T>().await?.try_collect().await })
        .await
}
