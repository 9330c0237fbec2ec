//! A product, as a row.

use sea_orm::Set;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shop_kernel::{LocalizedText, ProductId};

use super::stock;
use crate::product::{Prices, Product, ProductDetails};

/// A row of `products`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "products")]
pub struct Model {
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Counts its changes, from 1.
    pub version: i64,
    /// Its name in addresses.
    pub slug: String,
    /// The slug of its category.
    pub category: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Korean.
    pub name_ko: String,
    /// Its description in English.
    pub description_en: String,
    /// Its description in Korean.
    pub description_ko: String,
    /// Its price in won.
    pub price_krw: i64,
    /// Its price in cents of a dollar.
    pub price_usd: i64,
    /// The slug of its picture.
    pub picture: String,
    /// Words it should also be found by.
    #[sea_orm(column_type = "JsonBinary")]
    pub tags: Tags,
    /// Higher stands further in front.
    pub popularity: i32,
    /// Whether it may be bought.
    pub on_sale: bool,
    /// When it was added.
    pub added_at: DateTimeUtc,
}

/// A list of words in one column: nothing ever asks for one of them alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Tags(Vec<String>);

/// What belongs to a product.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {
    /// How much of it there is.
    #[sea_orm(has_one = "super::stock::Entity")]
    Stock,
}

impl Related<stock::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stock.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl From<&Product> for ActiveModel {
    fn from(product: &Product) -> Self {
        let details = &product.details;
        Self {
            id: Set(product.id.uuid()),
            version: Set(i64::try_from(product.version).unwrap_or(i64::MAX)),
            slug: Set(details.slug.clone()),
            category: Set(details.category.clone()),
            name_en: Set(details.name.en.clone()),
            name_ko: Set(details.name.ko.clone()),
            description_en: Set(details.description.en.clone()),
            description_ko: Set(details.description.ko.clone()),
            price_krw: Set(details.price.krw),
            price_usd: Set(details.price.usd),
            picture: Set(details.picture.clone()),
            tags: Set(Tags(details.tags.clone())),
            popularity: Set(i32::try_from(details.popularity).unwrap_or(i32::MAX)),
            on_sale: Set(details.on_sale),
            added_at: Set(product.added_at),
        }
    }
}

impl From<Model> for Product {
    fn from(row: Model) -> Self {
        Self {
            id: ProductId::from_uuid(row.id),
            version: row.version.unsigned_abs(),
            details: ProductDetails {
                slug: row.slug,
                category: row.category,
                name: LocalizedText { en: row.name_en, ko: row.name_ko },
                description: LocalizedText { en: row.description_en, ko: row.description_ko },
                price: Prices { krw: row.price_krw, usd: row.price_usd },
                picture: row.picture,
                tags: row.tags.0,
                popularity: row.popularity.unsigned_abs(),
                on_sale: row.on_sale,
            },
            added_at: row.added_at,
        }
    }
}
