//! Which requests were carried out already, so that one sent twice happens once.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryTrait as _, Set};
use serde::Serialize;

/// Longer than any client keeps trying.
const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// A row of `idempotency_keys`.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Who asked for what kind of thing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    /// The key they gave it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What they asked for.
    #[sea_orm(column_type = "JsonBinary")]
    pub request: Json,
    /// The row that was made for it.
    pub answer: Uuid,
    /// When.
    pub made_at: DateTimeUtc,
}

/// Nothing is loaded through a key.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a key says about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It is new: carry it out, and commit with the same transaction.
    First,
    /// It was carried out; this is what was made.
    Again(Uuid),
    /// The key was used for another request.
    Reused,
}

/// Claims a key for the request that is about to make `answer`; part of the transaction `tx`.
///
/// Two that race for one key are settled here: the second waits for the first to commit.
///
/// # Errors
/// When the store refuses.
pub async fn claim(
    tx: &impl ConnectionTrait,
    scope: &str,
    key: &str,
    request: &impl Serialize,
    answer: Uuid,
    now: DateTime<Utc>,
) -> Result<Claim, DbErr> {
    let request = serde_json::to_value(request).map_err(|error| DbErr::Json(error.to_string()))?;
    Entity::delete_many().filter(Column::MadeAt.lt(now - KEPT_FOR)).exec(tx).await?;
    let row = ActiveModel {
        scope: Set(scope.to_owned()),
        key: Set(key.to_owned()),
        request: Set(request.clone()),
        answer: Set(answer),
        made_at: Set(now),
    };
    let mut insert = Entity::insert(row).into_query();
    insert.on_conflict(OnConflict::columns([Column::Scope, Column::Key]).do_nothing().to_owned());
    if tx.execute(&insert).await?.rows_affected() == 1 {
        return Ok(Claim::First);
    }
    let found = Entity::find_by_id((scope.to_owned(), key.to_owned())).one(tx).await?;
    Ok(match found {
        Some(row) if row.request == request => Claim::Again(row.answer),
        Some(_) | None => Claim::Reused,
    })
}
