//! The mails: one row per order and kind, from the news to what was sent.

use std::collections::{HashMap, HashSet};

use anyhow::Context as _;
use chassis_messaging::due::{self, NewWork};
use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{OnConflict, Query, UpdateStatement};
use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _, Set};
use serde::Serialize;
use shop_kernel::{CustomerId, OrderId};

use crate::contacts;
use crate::letter::Letter;
use crate::news::{Kind, News};

/// The kind of due work that sends a mail; the work has the mail's id.
pub(crate) const WORK: &str = "mail";

#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) order_id: Uuid,
    pub(crate) customer_id: Uuid,
    pub(crate) kind: String,
    /// The facts it tells.
    #[sea_orm(column_type = "JsonBinary")]
    pub(crate) news: Json,
    pub(crate) state: State,
    pub(crate) created_at: DateTimeUtc,
    /// When it was sent, parked or skipped.
    pub(crate) settled_at: Option<DateTimeUtc>,
    pub(crate) recipient: Option<String>,
    pub(crate) subject: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub(crate) text: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub(crate) html: Option<String>,
    /// Why it is parked or was skipped.
    pub(crate) reason: Option<String>,
}

/// Where a mail stands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, utoipa::ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its contact, its turn or the mail server.
    Pending,
    /// The mail server took it.
    Sent,
    /// The mail server refused it for good; an operator must look.
    Parked,
    /// It was no longer true.
    Skipped,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub(crate) fn order(&self) -> OrderId {
        OrderId::from_uuid(self.order_id)
    }

    pub(crate) fn kind(&self) -> anyhow::Result<Kind> {
        self.kind.parse().context("an unknown kind is stored")
    }

    pub(crate) fn news(&self) -> anyhow::Result<News> {
        serde_json::from_value(self.news.clone()).context("unreadable news are stored")
    }
}

/// Makes a mail due that tells `news`, once per order and kind, however often they come.
pub(crate) async fn due(
    tx: &impl ConnectionTrait,
    order: OrderId,
    customer: CustomerId,
    news: &News,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let id = Uuid::now_v7();
    let row = ActiveModel {
        id: Set(id),
        order_id: Set(order.uuid()),
        customer_id: Set(customer.uuid()),
        kind: Set(news.kind().name().to_owned()),
        news: Set(serde_json::to_value(news).map_err(|e| DbErr::Json(e.to_string()))?),
        state: Set(State::Pending),
        created_at: Set(now),
        ..Default::default()
    };
    let mut insert = Entity::insert(row).into_query();
    let same = OnConflict::columns([Column::OrderId, Column::Kind]).do_nothing().to_owned();
    insert.on_conflict(same);
    if tx.execute(&insert).await?.rows_affected() == 0 {
        return Ok(());
    }
    let work = NewWork {
        id,
        kind: WORK,
        subject: order.to_string(),
        order: Some(order),
        traceparent: None,
        payload: Json::Null,
        due_at: now,
    };
    due::schedule(tx, work, now).await.map(drop)
}

/// The mails of those pieces of work.
pub(crate) async fn of_work(
    db: &impl ConnectionTrait,
    works: &[due::Model],
) -> Result<HashMap<Uuid, Model>, DbErr> {
    let ids = works.iter().map(|work| work.id);
    let mails = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    Ok(mails.into_iter().map(|mail| (mail.id, mail)).collect())
}

/// Those of the orders that have a mail of that kind, sent or not.
pub(crate) async fn that_have(
    db: &impl ConnectionTrait,
    orders: &[Uuid],
    kind: Kind,
) -> Result<HashSet<Uuid>, DbErr> {
    let found: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::OrderId)
        .filter(Column::OrderId.is_in(orders.iter().copied()))
        .filter(Column::Kind.eq(kind.name()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Stores that a mail was not needed.
pub(crate) async fn skip(
    tx: &impl ConnectionTrait,
    mail: &Model,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    tx.execute(&settled(mail, State::Skipped, Some(reason), now)).await.map(drop)
}

/// Stores what was written, to whom, and what became of it.
pub(crate) async fn keep_letter(
    tx: &impl ConnectionTrait,
    mail: &Model,
    (recipient, letter): (&str, &Letter),
    state: State,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut update = settled(mail, state, reason, now);
    update
        .value(Column::Recipient, recipient)
        .value(Column::Subject, letter.subject.as_str())
        .value(Column::Text, letter.text.as_str())
        .value(Column::Html, letter.html.as_str());
    tx.execute(&update).await.map(drop)
}

fn settled(
    mail: &Model,
    state: State,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> UpdateStatement {
    Query::update()
        .table(Entity)
        .value(Column::State, state)
        .value(Column::Reason, reason)
        .value(Column::SettledAt, now)
        .and_where(Column::Id.eq(mail.id))
        .to_owned()
}

/// Mails newest first, older than `after`; of one order or of one customer where given.
pub(crate) async fn newest(
    db: &impl ConnectionTrait,
    order: Option<OrderId>,
    customer: Option<CustomerId>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut mails = of(order, customer);
    if let Some(after) = after {
        mails = mails.filter(Column::Id.lt(after));
    }
    mails.order_by_desc(Column::Id).limit(limit).all(db).await
}

/// The mail with that id, if the customer may see it.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    id: Uuid,
    customer: Option<CustomerId>,
) -> Result<Option<Model>, DbErr> {
    of(None, customer).filter(Column::Id.eq(id)).one(db).await
}

/// Whether anything was heard of the order, and of this customer where one is given.
pub(crate) async fn is_known(
    db: &impl ConnectionTrait,
    order: OrderId,
    customer: Option<CustomerId>,
) -> Result<bool, DbErr> {
    let contact = contacts::of(db, order).await?;
    let is_theirs = |whose: Uuid| customer.is_none_or(|customer| customer.uuid() == whose);
    match contact {
        Some(contact) => Ok(is_theirs(contact.customer_id)),
        None => Ok(of(Some(order), customer).one(db).await?.is_some()),
    }
}

/// How many mails there are in each state.
pub(crate) async fn counts(db: &impl ConnectionTrait) -> Result<Vec<(String, u64)>, DbErr> {
    let counts: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::Id.count(), "count")
        .group_by(Column::State)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().map(|(state, count)| (state, count.unsigned_abs())).collect())
}

fn of(order: Option<OrderId>, customer: Option<CustomerId>) -> Select<Entity> {
    let mut mails = Entity::find();
    if let Some(order) = order {
        mails = mails.filter(Column::OrderId.eq(order.uuid()));
    }
    if let Some(customer) = customer {
        mails = mails.filter(Column::CustomerId.eq(customer.uuid()));
    }
    mails
}
