//! Whom to write to about an order, and in which language; kept from `order.placed`.

use std::collections::HashMap;

use anyhow::Context as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryTrait as _, Set};
use shop_contracts::order::OrderPlaced;
use shop_kernel::{Currency, Money, OrderId};

use crate::letter;

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) order_id: Uuid,
    pub(crate) customer_id: Uuid,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) locale: Locale,
    /// As they were published.
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) lines: Json,
    pub(crate) total_minor: i64,
    pub(crate) currency: String,
}

/// The language to write in, as the store names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
pub(crate) enum Locale {
    En,
    Ko,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps the contact of an order; what is there already stays.
pub(crate) async fn keep(tx: &impl ConnectionTrait, placed: &OrderPlaced) -> Result<(), DbErr> {
    let row = ActiveModel {
        order_id: Set(placed.order.uuid()),
        customer_id: Set(placed.customer.uuid()),
        name: Set(placed.contact.name.clone()),
        email: Set(placed.contact.email.to_string()),
        locale: Set(match placed.locale {
            shop_kernel::Locale::En => Locale::En,
            shop_kernel::Locale::Ko => Locale::Ko,
        }),
        lines: Set(serde_json::to_value(&placed.lines).map_err(|e| DbErr::Json(e.to_string()))?),
        total_minor: Set(placed.total.minor),
        currency: Set(placed.total.currency.code().to_owned()),
    };
    let mut insert = Entity::insert(row).into_query();
    insert.on_conflict(OnConflict::column(Column::OrderId).do_nothing().to_owned());
    tx.execute(&insert).await.map(drop)
}

/// The contact of an order, once `order.placed` has come.
pub(crate) async fn of(db: &impl ConnectionTrait, order: OrderId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(order.uuid()).one(db).await
}

/// The contacts of those orders, by order, as far as they have come.
pub(crate) async fn of_all(
    db: &impl ConnectionTrait,
    orders: &[Uuid],
) -> Result<HashMap<Uuid, Model>, DbErr> {
    let orders = orders.iter().copied();
    let contacts = Entity::find().filter(Column::OrderId.is_in(orders)).all(db).await?;
    Ok(contacts.into_iter().map(|contact| (contact.order_id, contact)).collect())
}

impl Model {
    /// What a letter needs to know of the order.
    pub(crate) fn order(&self) -> anyhow::Result<letter::Order> {
        let currency: Currency = self.currency.parse().context("an unknown currency is stored")?;
        Ok(letter::Order {
            id: OrderId::from_uuid(self.order_id),
            name: self.name.clone(),
            locale: match self.locale {
                Locale::En => shop_kernel::Locale::En,
                Locale::Ko => shop_kernel::Locale::Ko,
            },
            lines: serde_json::from_value(self.lines.clone()).context("unreadable lines stored")?,
            total: Money::new(self.total_minor, currency),
        })
    }
}
