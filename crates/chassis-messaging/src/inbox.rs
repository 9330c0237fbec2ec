//! The inbox: which messages a consumer has taken in, written in the transaction of their effect.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::QueryTrait as _;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseConnection, QueryOrder as _, Set};
use serde::Serialize;
use shop_kernel::OrderId;

use crate::Received;

/// A message a consumer has taken in.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "inbox")]
pub struct Model {
    /// The queue it came from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub consumer: String,
    /// The message's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: Uuid,
    /// Its wire type.
    pub kind: String,
    /// The aggregate it is about.
    pub subject: String,
    /// The order it belongs to.
    #[serde(serialize_with = "as_order")]
    pub correlation_id: Option<Uuid>,
    /// The customer named in it, who may read this row.
    #[serde(skip)]
    pub customer: Option<String>,
    /// The trace it continues.
    pub traceparent: Option<String>,
    /// Which attempt took it in, from 1.
    pub attempt: i32,
    /// When that attempt received it.
    pub received_at: DateTimeUtc,
    /// When the transaction of its effect began.
    pub committed_at: DateTimeUtc,
}

/// Nothing is related to a row of the inbox.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Notes that `message` is taken in with the transaction `tx`; `false` when it was before.
///
/// On `false` there is nothing to do but to answer [`Outcome::Done`](crate::Outcome::Done).
/// Two that race for one message are settled here: the second waits for the first to commit.
///
/// # Errors
/// When the store refuses.
pub async fn first_time(
    tx: &impl ConnectionTrait,
    message: &Received,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let inserted = tx.execute(&insert_statement(message, now)).await?;
    Ok(inserted.rows_affected() == 1)
}

/// Notes several messages at once, and tells which of them are taken in with `tx`; the others were
/// before. Otherwise like [`first_time`].
///
/// # Errors
/// When the store refuses.
pub async fn first_times(
    tx: &impl ConnectionTrait,
    messages: &[Received],
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>, DbErr> {
    let rows = messages.iter().map(|message| row(message, now));
    let mut insert = Entity::insert_many(rows).into_query();
    insert
        .on_conflict(known())
        .returning(sea_orm::sea_query::Query::returning().column(Column::MessageId));
    let inserted = tx.query_all(&insert).await?;
    inserted.iter().map(|row| row.try_get("", "message_id")).collect()
}

/// The insert [`first_time`] runs; it affects no row when the message was taken in before.
#[must_use]
pub fn insert_statement(
    message: &Received,
    now: DateTime<Utc>,
) -> sea_orm::sea_query::InsertStatement {
    let mut insert = strict_insert_statement(message, now);
    insert.on_conflict(known());
    insert
}

/// The same insert, which fails where the message was taken in before: for those who make one
/// statement of several, so that nothing of it is done.
#[must_use]
pub fn strict_insert_statement(
    message: &Received,
    now: DateTime<Utc>,
) -> sea_orm::sea_query::InsertStatement {
    Entity::insert(row(message, now)).into_query()
}

fn known() -> OnConflict {
    OnConflict::columns([Column::Consumer, Column::MessageId]).do_nothing().to_owned()
}

fn row(message: &Received, now: DateTime<Utc>) -> ActiveModel {
    let envelope = &message.envelope;
    ActiveModel {
        consumer: Set(message.queue.name.to_owned()),
        message_id: Set(envelope.id),
        kind: Set(envelope.kind.clone()),
        subject: Set(envelope.subject.clone()),
        correlation_id: Set(envelope.correlation_id.map(OrderId::uuid)),
        customer: Set(customer_of(&envelope.data)),
        traceparent: Set(envelope.traceparent.clone()),
        attempt: Set(i32::try_from(message.attempt).unwrap_or(i32::MAX)),
        received_at: Set(message.received_at),
        committed_at: Set(now),
    }
}

fn customer_of(data: &serde_json::Value) -> Option<String> {
    data.get("customer").and_then(|customer| customer.as_str()).map(str::to_owned)
}

/// What was taken in for one order, oldest first; with `customer`, only what names that customer.
///
/// # Errors
/// When the store does not answer.
pub async fn of_order(
    db: &DatabaseConnection,
    order: OrderId,
    customer: Option<&str>,
) -> Result<Vec<Model>, DbErr> {
    let mut rows = Entity::find().filter(Column::CorrelationId.eq(order.uuid()));
    if let Some(customer) = customer {
        rows = rows.filter(Column::Customer.eq(customer));
    }
    rows.order_by_asc(Column::ReceivedAt).all(db).await
}

#[expect(clippy::ref_option, reason = "serde hands the field over like this")]
fn as_order<S: serde::Serializer>(id: &Option<Uuid>, serializer: S) -> Result<S::Ok, S::Error> {
    id.map(OrderId::from_uuid).serialize(serializer)
}
