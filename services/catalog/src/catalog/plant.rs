//! Planting the range the shop opens with.

use std::collections::HashSet;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QuerySelect as _, QueryTrait as _, Set};

use super::add::put_in_stock;
use super::{Catalog, Fault};
use crate::product::Product;
use crate::rows::{category, product};
use crate::seed::{Category, Range};

/// Who made the first adjustments.
const SEED: &str = "seed";

impl Catalog {
    /// Adds what is missing of `range` and leaves the rest as it is; tells how much was missing.
    ///
    /// # Errors
    /// When the store fails; then nothing was planted.
    pub async fn plant(&self, range: &Range) -> Result<usize, Fault> {
        let tx = chassis_db::begin(&self.db).await?;
        plant_categories(&tx, &range.categories).await?;
        let known: Vec<uuid::Uuid> = product::Entity::find()
            .select_only()
            .column(product::Column::Id)
            .into_tuple()
            .all(&tx)
            .await?;
        let known: HashSet<_> = known.into_iter().collect();
        let mut planted = 0;
        for seed in range.products.iter().filter(|seed| !known.contains(&seed.id.uuid())) {
            let added = Product {
                id: seed.id,
                version: 1,
                details: seed.details(),
                added_at: self.clock.now(),
            };
            // Another replica may be planting too, and an operator may have taken the slug.
            let row = product::ActiveModel::from(&added);
            let mut insert = product::Entity::insert(row).into_query();
            insert.on_conflict(OnConflict::new().do_nothing().to_owned());
            if tx.execute(&insert).await?.rows_affected() == 1 {
                put_in_stock(&tx, &added, seed.stock, SEED).await?;
                planted += 1;
            }
        }
        tx.commit().await?;
        self.relay.wake();
        Ok(planted)
    }
}

async fn plant_categories(tx: &impl ConnectionTrait, categories: &[Category]) -> Result<(), DbErr> {
    let rows = (1..).zip(categories).map(|(position, category)| category::ActiveModel {
        slug: Set(category.slug.clone()),
        name_en: Set(category.name.en.clone()),
        name_ko: Set(category.name.ko.clone()),
        position: Set(position),
    });
    let mut insert = category::Entity::insert_many(rows).into_query();
    insert.on_conflict(OnConflict::column(category::Column::Slug).do_nothing().to_owned());
    tx.execute(&insert).await?;
    Ok(())
}
