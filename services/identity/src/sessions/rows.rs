//! The steps of a session in its store, each part of a transaction.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, Query};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _,
    QuerySelect as _, Set,
};
use uuid::Uuid;

use crate::refresh_token::{RefreshToken, Stored};
use crate::store::session::Ending;
use crate::store::{refresh_token, session};

/// The session of a token, locked, and the token as it is under that lock.
///
/// Whoever comes second waits here, and then sees what the first one did.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    token: &RefreshToken,
) -> Result<Option<(session::Model, Stored)>, DbErr> {
    let find = || refresh_token::Entity::find_by_id(token.hash()).one(tx);
    let Some(found) = find().await? else {
        return Ok(None);
    };
    let session = session::Entity::find_by_id(found.session_id).lock_exclusive().one(tx).await?;
    Ok(session.zip(find().await?.map(Stored::from)))
}

/// Stores a token of a session, not used yet.
pub(super) async fn hand_out(
    tx: &DatabaseTransaction,
    session: Uuid,
    place: i32,
    token: &RefreshToken,
) -> Result<(), DbErr> {
    let row = refresh_token::ActiveModel {
        hash: Set(token.hash()),
        session_id: Set(session),
        place: Set(place),
        used_at: Set(None),
        salt: Set(None),
    };
    row.insert(tx).await.map(drop)
}

/// Ends a session, unless it has ended.
pub(super) async fn end(
    tx: &impl ConnectionTrait,
    session: Uuid,
    because: Ending,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let update = Query::update()
        .table(session::Entity)
        .value(session::Column::EndedAt, now)
        .value(session::Column::EndedBecause, because)
        .and_where(Expr::col(session::Column::Id).eq(session))
        .and_where(Expr::col(session::Column::EndedAt).is_null())
        .to_owned();
    tx.execute(&update).await.map(drop)
}
