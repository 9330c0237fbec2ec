//! `/ops/audit`: every mail with its order and state, for the audit.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chassis::auth::Operator;
use chassis::{Problem, Valid};
use garde::Validate;
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::mails::{self, State};

#[derive(Debug, Deserialize, Validate, IntoParams)]
struct From {
    /// Older than this mail: `next` of the page before
    #[garde(skip)]
    after: Option<Uuid>,
    /// At most so many, up to 1000
    #[garde(range(min = 1, max = 1000))]
    #[serde(default = "thousand")]
    limit: u64,
}

fn thousand() -> u64 {
    1000
}

/// What the audit compares.
#[derive(Debug, Serialize, ToSchema)]
struct Audit {
    /// How many mails there are in each state.
    counts: BTreeMap<String, u64>,
    /// The mails, newest first.
    items: Vec<AuditedMail>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// A mail, as far as the audit cares.
#[derive(Debug, Serialize, ToSchema)]
struct AuditedMail {
    /// `ord_…`
    order: String,
    kind: String,
    state: State,
}

/// Lists every mail with its order, kind and state.
#[utoipa::path(tag = "operations", params(From), security(("bearer" = [])), responses(
    (status = 200, body = Audit),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
))]
#[get("/ops/audit")]
pub(super) async fn read_audit(
    _: Operator,
    from: Valid<Query<From>>,
    db: Data<DatabaseConnection>,
) -> Result<Json<Audit>, Problem> {
    let Valid(Query(From { after, limit })) = from;
    let rows = mails::newest(&**db, None, None, after, limit).await?;
    let is_full = rows.len() as u64 == limit;
    Ok(Json(Audit {
        counts: mails::counts(&**db).await?.into_iter().collect(),
        next: rows.last().map(|row| row.id).filter(|_| is_full),
        items: rows
            .into_iter()
            .map(|row| AuditedMail {
                order: row.order().to_string(),
                kind: row.kind,
                state: row.state,
            })
            .collect(),
    }))
}
