//! Finding products: by id or slug, in lists, by category and by text.

use std::collections::HashMap;

use sea_orm::sea_query::{Cond, Func};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use shop_kernel::{Currency, LocalizedText, ProductId};
use uuid::Uuid;

use super::{Catalog, Direction, Page, Position, Sort};
use crate::product::{Product, StockMark};
use crate::rows::product::Column;
use crate::rows::{category, product, stock};

/// What to list, and from where.
#[derive(Debug, Clone)]
pub struct Browse {
    /// Only what matches this text.
    pub text: Option<String>,
    /// Only this category.
    pub category: Option<String>,
    /// Only prices in this range.
    pub price: Option<PriceRange>,
    /// In which order.
    pub sort: Sort,
    /// After this place; from the beginning without one.
    pub after: Option<Position>,
    /// At most so many.
    pub limit: usize,
}

/// Prices from and up to, both included.
#[derive(Debug, Clone, Copy)]
pub struct PriceRange {
    /// In this currency.
    pub currency: Currency,
    /// No less.
    pub min: Option<i64>,
    /// No more.
    pub max: Option<i64>,
}

/// A product, and how much of it there is as far as a shopper needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    /// The product.
    pub product: Product,
    /// Its stock.
    pub stock: StockMark,
}

/// A category and how many products on sale it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub name: LocalizedText,
    /// How many of its products are on sale.
    pub products: u64,
}

type Row = (product::Model, Option<stock::Model>);

impl From<Row> for Shelved {
    fn from((product, stock): Row) -> Self {
        let available = stock.map_or(0, |stock| stock.available);
        let stock = StockMark::of(u32::try_from(available).unwrap_or(u32::MAX));
        Self { product: product.into(), stock }
    }
}

impl Catalog {
    /// A stretch of the products that are on sale.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn browse(&self, wanted: &Browse) -> Result<Page<Shelved, Position>, DbErr> {
        let Some(text) = &wanted.text else {
            return self.sorted(wanted, on_sale(wanted)).await;
        };
        let scores: HashMap<Uuid, u32> =
            self.shelf.search(text).into_iter().map(|(id, score)| (id.uuid(), score)).collect();
        let matching = on_sale(wanted).filter(Column::Id.is_in(scores.keys().copied()));
        if wanted.sort == Sort::Relevance {
            self.ranked(wanted, matching, &scores).await
        } else {
            self.sorted(wanted, matching).await
        }
    }

    async fn sorted(
        &self,
        wanted: &Browse,
        mut products: Select<product::Entity>,
    ) -> Result<Page<Shelved, Position>, DbErr> {
        let sort = wanted.sort;
        if let Some(after) = wanted.after {
            products = products.filter(beyond(after));
        }
        let (column, order, ids) = match sort {
            Sort::Newest => (Column::Id, Order::Desc, Order::Desc),
            Sort::Relevance | Sort::Popular => (Column::Popularity, Order::Desc, Order::Asc),
            Sort::Price(currency, Direction::Up) => (price(currency), Order::Asc, Order::Asc),
            Sort::Price(currency, Direction::Down) => (price(currency), Order::Desc, Order::Asc),
        };
        let rows: Vec<Row> = products
            .order_by(column, order)
            .order_by(Column::Id, ids)
            .limit(wanted.limit as u64 + 1)
            .find_also_related(stock::Entity)
            .all(&self.db)
            .await?;
        Ok(Page::of(rows, wanted.limit, |(row, _)| place(sort, row)).map(Shelved::from))
    }

    /// The store knows no scores, so what matches is put in order here.
    async fn ranked(
        &self,
        wanted: &Browse,
        matching: Select<product::Entity>,
        scores: &HashMap<Uuid, u32>,
    ) -> Result<Page<Shelved, Position>, DbErr> {
        let found: Vec<(Uuid, i32)> = matching
            .select_only()
            .columns([Column::Id, Column::Popularity])
            .into_tuple()
            .all(&self.db)
            .await?;
        let mut places: Vec<(i64, ProductId)> = found
            .into_iter()
            .map(|(id, popularity)| {
                let score = scores.get(&id).copied().unwrap_or_default();
                (rank(score, popularity), ProductId::from_uuid(id))
            })
            .collect();
        places.sort_unstable_by_key(|(key, id)| (std::cmp::Reverse(*key), *id));
        if let Some(after) = wanted.after {
            places
                .retain(|(key, id)| *key < after.key || (*key == after.key && *id > after.product));
        }
        let page = Page::of(places, wanted.limit, |(key, product)| Position {
            sort: Sort::Relevance,
            key: *key,
            product: *product,
        });
        let ids: Vec<_> = page.items.iter().map(|(_, id)| *id).collect();
        Ok(Page { items: self.these(&ids).await?, next: page.next })
    }

    /// These products, in this order, on sale or not; those that do not exist are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn these(&self, ids: &[ProductId]) -> Result<Vec<Shelved>, DbErr> {
        let rows = product::Entity::find()
            .filter(Column::Id.is_in(ids.iter().map(|id| id.uuid())))
            .find_also_related(stock::Entity)
            .all(&self.db)
            .await?;
        let mut found: HashMap<ProductId, Shelved> =
            rows.into_iter().map(Shelved::from).map(|item| (item.product.id, item)).collect();
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// One product, named by its id or its slug, on sale or not.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, name: &str) -> Result<Option<Shelved>, DbErr> {
        let products = match name.parse::<ProductId>() {
            Ok(id) => product::Entity::find_by_id(id.uuid()),
            Err(_) => product::Entity::find().filter(Column::Slug.eq(name)),
        };
        let row = products.find_also_related(stock::Entity).one(&self.db).await?;
        Ok(row.map(Shelved::from))
    }

    /// Every category in its place.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn categories(&self) -> Result<Vec<Listed>, DbErr> {
        let counts: Vec<(String, i64)> = product::Entity::find()
            .filter(Column::OnSale.eq(true))
            .select_only()
            .column(Column::Category)
            .expr(Func::count(Column::Id.into_expr()))
            .group_by(Column::Category)
            .into_tuple()
            .all(&self.db)
            .await?;
        let counts: HashMap<String, i64> = counts.into_iter().collect();
        let rows = category::Entity::find()
            .order_by_asc(category::Column::Position)
            .order_by_asc(category::Column::Slug)
            .all(&self.db)
            .await?;
        let listed = rows.into_iter().map(|row| Listed {
            name: row.name(),
            products: counts.get(&row.slug).copied().unwrap_or_default().unsigned_abs(),
            slug: row.slug,
        });
        Ok(listed.collect())
    }
}

fn on_sale(wanted: &Browse) -> Select<product::Entity> {
    let mut products = product::Entity::find().filter(Column::OnSale.eq(true));
    if let Some(category) = &wanted.category {
        products = products.filter(Column::Category.eq(category));
    }
    if let Some(range) = wanted.price {
        if let Some(min) = range.min {
            products = products.filter(price(range.currency).gte(min));
        }
        if let Some(max) = range.max {
            products = products.filter(price(range.currency).lte(max));
        }
    }
    products
}

const fn price(currency: Currency) -> Column {
    match currency {
        Currency::Krw => Column::PriceKrw,
        Currency::Usd => Column::PriceUsd,
    }
}

/// What stands after a place: a comparison, never a count of rows to skip.
fn beyond(place: Position) -> Cond {
    let id = place.product.uuid();
    let column = match place.sort {
        Sort::Newest => return Cond::all().add(Column::Id.lt(id)),
        Sort::Relevance | Sort::Popular => Column::Popularity,
        Sort::Price(currency, _) => price(currency),
    };
    let further = match place.sort {
        Sort::Price(_, Direction::Up) => column.gt(place.key),
        Sort::Relevance | Sort::Popular | Sort::Newest | Sort::Price(_, Direction::Down) => {
            column.lt(place.key)
        }
    };
    let tied = Cond::all().add(column.eq(place.key)).add(Column::Id.gt(id));
    Cond::any().add(further).add(tied)
}

fn place(sort: Sort, row: &product::Model) -> Position {
    let key = match sort {
        Sort::Newest => 0,
        Sort::Relevance | Sort::Popular => i64::from(row.popularity),
        Sort::Price(Currency::Krw, _) => row.price_krw,
        Sort::Price(Currency::Usd, _) => row.price_usd,
    };
    Position { sort, key, product: ProductId::from_uuid(row.id) }
}

/// One number to sort by: the score first, the popularity where scores tie.
fn rank(score: u32, popularity: i32) -> i64 {
    // A popularity is at most a million and fits into twenty bits.
    (i64::from(score) << 20) | i64::from(popularity)
}
