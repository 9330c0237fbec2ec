//! The outbox: messages written in the transaction that made them true, published afterwards.

mod row;

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait as _, Query};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait as _,
    FromQueryResult as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    Statement,
};
use shop_contracts::RawEnvelope;
use uuid::Uuid;

use crate::lease::of_free;
use crate::micros;
use row::{ActiveModel, Column};
pub use row::{Entity, Model};

/// All of [`mark_published`] in one round trip.
const MARK_PUBLISHED: &str = r#"
    WITH counter AS (
        UPDATE publish_counter SET last = last + cardinality(CAST($1 AS text)::uuid[])
        WHERE id = 1 RETURNING last - cardinality(CAST($1 AS text)::uuid[]) AS before
    )
    UPDATE outbox SET published_no = counter.before + given.place, leased_by = NULL
    FROM counter, unnest(CAST($1 AS text)::uuid[]) WITH ORDINALITY AS given (id, place)
    -- Another relay took over and was faster: its number stands.
    WHERE outbox.id = given.id AND outbox.published_no IS NULL"#;

/// Writes messages into the outbox; part of the transaction `tx`.
///
/// Wake the relay after the commit.
///
/// # Errors
/// When the store refuses; then nothing of the transaction may be committed.
pub async fn append(tx: &impl ConnectionTrait, messages: &[RawEnvelope]) -> Result<(), DbErr> {
    if messages.is_empty() {
        return Ok(());
    }
    tx.execute(&insert_statement(messages)).await?;
    Ok(())
}

/// The insert [`append`] runs, for those who make one statement of several.
#[must_use]
pub fn insert_statement(messages: &[RawEnvelope]) -> sea_orm::sea_query::InsertStatement {
    Entity::insert_many(messages.iter().map(ActiveModel::from)).into_query()
}

/// How much waits in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Backlog {
    /// Messages not published yet.
    pub pending: u64,
    /// When the oldest of them became a fact.
    pub oldest: Option<DateTime<Utc>>,
}

/// Counts what waits.
///
/// # Errors
/// When the store does not answer.
pub async fn backlog(db: &DatabaseConnection) -> Result<Backlog, DbErr> {
    let pending = Entity::find().filter(Column::PublishedNo.is_null());
    let oldest = pending.clone().order_by_asc(Column::Id).one(db).await?;
    let count: Option<i64> =
        pending.select_only().column_as(Column::Id.count(), "count").into_tuple().one(db).await?;
    Ok(Backlog {
        pending: count.unwrap_or_default().unsigned_abs(),
        oldest: oldest.map(|row| row.time),
    })
}

/// Deletes published messages that became facts before `before`, and tells how many.
///
/// A feed reader that is further behind than that can no longer catch up.
///
/// # Errors
/// When the store does not answer.
pub async fn prune(db: &DatabaseConnection, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::PublishedNo.is_not_null())
        .filter(Column::Time.lt(before))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}

/// Takes up to `limit` unpublished messages for `owner`, oldest first; they are nobody else's for
/// `lease`.
pub(crate) async fn lease(
    db: &DatabaseConnection,
    owner: Uuid,
    now: DateTime<Utc>,
    lease: Duration,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut free = Query::select();
    free.column(Column::Id)
        .from(Entity)
        .and_where(Expr::col(Column::PublishedNo).is_null())
        .and_where(Expr::col(Column::LeasedUntil).lt(micros::of(now)))
        .order_by(Column::Id, sea_orm::Order::Asc)
        .limit(limit);
    let update = Query::update()
        .table(Entity)
        .value(Column::LeasedBy, owner)
        .value(Column::LeasedUntil, micros::after(now, lease))
        .to_owned();
    let update = of_free(db, update, free);
    let mut rows = Vec::new();
    for row in db.query_all(&update).await? {
        rows.push(Model::from_query_result(&row, "")?);
    }
    // RETURNING promises no order.
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

/// Gives messages the next publish numbers, in the order given.
///
/// The counter's row stays locked until the commit, so numbers become visible in their order and
/// a reader of the feed who has seen `n` never misses one below it.
pub(crate) async fn mark_published(db: &DatabaseConnection, ids: &[Uuid]) -> Result<(), DbErr> {
    if chassis_db::is_postgres(db) {
        // An array literal: one text of the statement, however many there are, is parsed once.
        let ids: Vec<_> = ids.iter().map(Uuid::to_string).collect();
        let values = [format!("{{{}}}", ids.join(",")).into()];
        let mark = Statement::from_sql_and_values(DbBackend::Postgres, MARK_PUBLISHED, values);
        return db.execute_raw(mark).await.map(drop);
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let tx = chassis_db::begin(db).await?;
    let update = Query::update()
        .table("publish_counter")
        .value("last", Expr::col("last").add(count))
        .and_where(Expr::col("id").eq(1))
        .returning_col("last")
        .to_owned();
    let last: i64 = tx
        .query_one(&update)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("publish_counter".to_owned()))?
        .try_get("", "last")?;

    let mut number = CaseStatement::new();
    for (no, id) in (last - count + 1..).zip(ids) {
        number = number.case(Expr::col(Column::Id).eq(*id), no);
    }
    let mark = Query::update()
        .table(Entity)
        .value(Column::PublishedNo, number)
        .value(Column::LeasedBy, Option::<Uuid>::None)
        .and_where(Expr::col(Column::Id).is_in(ids.iter().copied()))
        // Another relay took over and was faster: its number stands.
        .and_where(Expr::col(Column::PublishedNo).is_null())
        .to_owned();
    tx.execute(&mark).await?;
    tx.commit().await
}

/// Gives messages back, to be taken again at once.
pub(crate) async fn release(
    db: &DatabaseConnection,
    owner: Uuid,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    let update = Query::update()
        .table(Entity)
        .value(Column::LeasedUntil, 0_i64)
        .and_where(Expr::col(Column::LeasedBy).eq(owner))
        .and_where(Expr::col(Column::Id).is_in(ids.iter().copied()))
        .to_owned();
    db.execute(&update).await?;
    Ok(())
}

/// Published messages after publish number `after`, in publish order.
pub(crate) async fn published(
    db: &DatabaseConnection,
    after: i64,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::PublishedNo.gt(after))
        .order_by_asc(Column::PublishedNo)
        .limit(limit)
        .all(db)
        .await
}
