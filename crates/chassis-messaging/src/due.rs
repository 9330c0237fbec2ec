//! Due work: calls to the outside, written down in the transaction that makes them due.

mod row;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait as _, OnConflict, Query, UpdateStatement};
use sea_orm::{
    ActiveEnum as _, ColumnTrait as _, ConnectionTrait, DatabaseConnection, DbErr,
    EntityTrait as _, FromQueryResult as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Set,
};
use serde::Serialize;
use shop_kernel::OrderId;
use uuid::Uuid;

use crate::lease::of_free;
use crate::micros;
use row::{ActiveModel, Column};
pub use row::{Entity, Model, State};

/// A piece of work to write down.
#[derive(Debug, Clone)]
pub struct NewWork {
    /// Names the work for ever; derive it from what the work is for, so that it is written once.
    pub id: Uuid,
    /// Which worker it is for.
    pub kind: &'static str,
    /// The aggregate it is for, as a prefixed id.
    pub subject: String,
    /// The order it belongs to.
    pub order: Option<OrderId>,
    /// The trace it continues; by default the one it is written in.
    pub traceparent: Option<String>,
    /// What the worker needs to know beyond the subject.
    pub payload: serde_json::Value,
    /// Not before then.
    pub due_at: DateTime<Utc>,
}

/// Writes work down as part of `tx`; `false` when work of that id was written before.
///
/// Wake the worker after the commit.
///
/// # Errors
/// When the store refuses.
pub async fn schedule(
    tx: &impl ConnectionTrait,
    work: NewWork,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = ActiveModel {
        id: Set(work.id),
        kind: Set(work.kind.to_owned()),
        subject: Set(work.subject),
        correlation_id: Set(work.order.map(OrderId::uuid)),
        traceparent: Set(work.traceparent.or_else(crate::trace::current_traceparent)),
        payload: Set(work.payload),
        state: Set(State::Open),
        attempts: Set(0),
        due_at: Set(micros::of(work.due_at)),
        leased_by: Set(None),
        leased_until: Set(0),
        last_error: Set(None),
        created_at: Set(now),
    };
    let mut insert = Entity::insert(row).into_query();
    insert.on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned());
    Ok(tx.execute(&insert).await?.rows_affected() == 1)
}

/// Marks leased work done, as part of the transaction that stores its result.
///
/// `false` means that the lease ran out and someone else has the work, or had it and finished:
/// roll back, the result is theirs to store.
///
/// # Errors
/// When the store refuses.
pub async fn finish(tx: &impl ConnectionTrait, work: &Model) -> Result<bool, DbErr> {
    settle(tx, work, State::Done, None).await
}

/// Like [`finish`], for several pieces that one worker has leased; those it lost meanwhile stay with
/// whoever has them.
///
/// # Errors
/// When the store refuses.
pub async fn finish_all(tx: &impl ConnectionTrait, works: &[&Model]) -> Result<(), DbErr> {
    if works.is_empty() {
        return Ok(());
    }
    let update = settled(State::Done, None).cond_where(ours(works)).to_owned();
    tx.execute(&update).await.map(drop)
}

/// Sets leased work aside for an operator, with the reason; like [`finish`] otherwise.
///
/// # Errors
/// When the store refuses.
pub async fn park(tx: &impl ConnectionTrait, work: &Model, reason: &str) -> Result<bool, DbErr> {
    settle(tx, work, State::Parked, Some(reason)).await
}

async fn settle(
    tx: &impl ConnectionTrait,
    work: &Model,
    state: State,
    reason: Option<&str>,
) -> Result<bool, DbErr> {
    let update = settled(state, reason).cond_where(ours(&[work])).to_owned();
    Ok(tx.execute(&update).await?.rows_affected() == 1)
}

fn settled(state: State, reason: Option<&str>) -> UpdateStatement {
    Query::update()
        .table(Entity)
        .value(Column::State, state)
        .value(Column::LastError, reason)
        .value(Column::LeasedBy, Option::<Uuid>::None)
        .to_owned()
}

/// Opens parked work again, as an operator does; `false` when it is not parked.
///
/// # Errors
/// When the store refuses.
pub async fn reopen(
    tx: &impl ConnectionTrait,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let update = Query::update()
        .table(Entity)
        .value(Column::State, State::Open)
        .value(Column::Attempts, 0)
        .value(Column::DueAt, micros::of(now))
        .and_where(Expr::col(Column::Id).eq(id))
        .and_where(Expr::col(Column::State).eq(State::Parked))
        .to_owned();
    Ok(tx.execute(&update).await?.rows_affected() == 1)
}

/// How much work is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Backlog {
    /// Work that waits for its time, a worker or another try.
    pub open: u64,
    /// Work that waits for an operator.
    pub parked: u64,
}

/// Counts what is not done.
///
/// # Errors
/// When the store does not answer.
pub async fn backlog(db: &DatabaseConnection) -> Result<Backlog, DbErr> {
    let open = Entity::find().filter(Column::State.eq(State::Open)).count(db).await?;
    let parked = Entity::find().filter(Column::State.eq(State::Parked)).count(db).await?;
    Ok(Backlog { open, parked })
}

/// How much work of one kind is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The kind of work.
    pub kind: String,
    /// Work that waits for its time, a worker or another try.
    pub open: u64,
    /// Work that waits for an operator.
    pub parked: u64,
    /// When the oldest of it was written down.
    pub oldest: DateTime<Utc>,
}

/// Counts what is not done, kind by kind. What is done is not looked at, however much it is.
///
/// # Errors
/// When the store does not answer.
pub async fn depths(db: &DatabaseConnection) -> Result<Vec<Depth>, DbErr> {
    let mut depths: BTreeMap<String, Depth> = BTreeMap::new();
    for state in [State::Open, State::Parked] {
        // A literal, and not a parameter: only so is it known that a partial index will do.
        let is_in = format!("state = '{}'", state.to_value());
        let counts: Vec<(String, i64, DateTime<Utc>)> = Entity::find()
            .select_only()
            .column(Column::Kind)
            .column_as(Column::Id.count(), "count")
            .column_as(Column::CreatedAt.min(), "oldest")
            .filter(Expr::cust(is_in))
            .group_by(Column::Kind)
            .into_tuple()
            .all(db)
            .await?;
        for (kind, count, since) in counts {
            let depth = depths.entry(kind.clone()).or_insert(Depth {
                kind,
                open: 0,
                parked: 0,
                oldest: since,
            });
            let of_state = if state == State::Open { &mut depth.open } else { &mut depth.parked };
            *of_state = count.unsigned_abs();
            depth.oldest = std::cmp::min(depth.oldest, since);
        }
    }
    Ok(depths.into_values().collect())
}

/// Work that is not done, oldest first, at most `limit`.
///
/// # Errors
/// When the store does not answer.
pub async fn unfinished(db: &DatabaseConnection, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::State.ne(State::Done))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await
}

/// Takes up to `limit` pieces of work of one kind for `owner`, those that are due the longest, for
/// the time of `lease`. No more than can be begun at once.
pub(crate) async fn lease(
    db: &DatabaseConnection,
    kind: &str,
    owner: Uuid,
    now: DateTime<Utc>,
    lease: Duration,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut free = Query::select();
    free.column(Column::Id)
        .from(Entity)
        .and_where(Expr::col(Column::Kind).eq(kind))
        .and_where(Expr::col(Column::State).eq(State::Open))
        .and_where(Expr::col(Column::DueAt).lte(micros::of(now)))
        .and_where(Expr::col(Column::LeasedUntil).lt(micros::of(now)))
        .order_by(Column::DueAt, sea_orm::Order::Asc)
        .limit(limit);
    let update = Query::update()
        .table(Entity)
        .value(Column::LeasedBy, owner)
        .value(Column::LeasedUntil, micros::after(now, lease))
        .value(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .to_owned();
    let update = of_free(db, update, free);
    let rows = db.query_all(&update).await?;
    rows.iter().map(|row| Model::from_query_result(row, "")).collect()
}

/// Keeps leased work for longer, as much of it as is still ours; `false` when none is.
pub(crate) async fn renew(
    db: &DatabaseConnection,
    works: &[&Model],
    now: DateTime<Utc>,
    lease: Duration,
) -> Result<bool, DbErr> {
    let update = Query::update()
        .table(Entity)
        .value(Column::LeasedUntil, micros::after(now, lease))
        .cond_where(ours(works))
        .to_owned();
    Ok(db.execute(&update).await?.rows_affected() > 0)
}

/// That of `works`, all leased by one worker, which is still theirs and open.
fn ours(works: &[&Model]) -> Condition {
    let owner = works.first().and_then(|work| work.leased_by);
    Condition::all()
        .add(Expr::col(Column::Id).is_in(works.iter().map(|work| work.id)))
        .add(Expr::col(Column::LeasedBy).eq(owner))
        .add(Expr::col(Column::State).eq(State::Open))
}

/// Gives leased work back, to be tried again after `delay`.
pub(crate) async fn postpone(
    db: &DatabaseConnection,
    work: &Model,
    now: DateTime<Utc>,
    delay: Duration,
    reason: &str,
    counted: bool,
) -> Result<(), DbErr> {
    let attempts = if counted { work.attempts } else { work.attempts.saturating_sub(1) };
    let update = Query::update()
        .table(Entity)
        .value(Column::LeasedBy, Option::<Uuid>::None)
        .value(Column::LeasedUntil, 0_i64)
        .value(Column::DueAt, micros::after(now, delay))
        .value(Column::Attempts, attempts)
        .value(Column::LastError, reason)
        .cond_where(ours(&[work]))
        .to_owned();
    db.execute(&update).await?;
    Ok(())
}
