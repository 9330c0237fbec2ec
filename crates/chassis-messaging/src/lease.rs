//! Taking rows for a time, beside others who take them.

use sea_orm::DatabaseConnection;
use sea_orm::sea_query::{
    Alias, CommonTableExpression, Expr, ExprTrait as _, LockBehavior, LockType, Query,
    SelectStatement, UpdateStatement, WithClause,
};

/// Restricts an update to the rows whose ids `free` selects, less those that somebody else is taking
/// just now, and has it return them.
pub(crate) fn of_free(
    db: &DatabaseConnection,
    mut update: UpdateStatement,
    mut free: SelectStatement,
) -> UpdateStatement {
    if chassis_db::is_postgres(db) {
        free.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    // Chosen beforehand: inside `IN` PostgreSQL may choose anew for every row, and take them all.
    let chosen = CommonTableExpression::new().table_name("free").query(free).to_owned();
    let ids = Query::select().column(Alias::new("id")).from("free").to_owned();
    update
        .with_cte(WithClause::new().cte(chosen).to_owned())
        .and_where(Expr::col(Alias::new("id")).in_subquery(ids))
        .returning_all()
        .to_owned()
}
