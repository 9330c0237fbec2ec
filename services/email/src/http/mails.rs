//! `/mails`: the mails of an order or of a customer, newest first.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{Data, Json, Path, Query};
use chassis::auth::Reader;
use chassis::{Problem, Valid};
use chrono::{DateTime, Utc};
use garde::Validate;
use sea_orm::DatabaseConnection;
use serde::{Deserialize, Serialize};
use shop_kernel::{CustomerId, OrderId};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::MAIL_UNKNOWN;
use crate::mails::{self, Model, State};

#[derive(Debug, Deserialize, Validate, IntoParams)]
struct Which {
    /// Of this order only, as `ord_…`
    #[garde(skip)]
    #[param(value_type = Option<String>)]
    order: Option<OrderId>,
    /// Older than this mail: `next` of the page before
    #[garde(skip)]
    after: Option<Uuid>,
    /// At most so many, up to 200
    #[garde(range(min = 1, max = 200))]
    #[serde(default = "fifty")]
    limit: u64,
}

fn fifty() -> u64 {
    50
}

/// A page of mails.
#[derive(Debug, Serialize, ToSchema)]
struct Mails {
    items: Vec<Mail>,
    /// Where the next page begins; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Uuid>,
}

/// A mail, as it was sent or stands.
#[derive(Debug, Serialize, ToSchema)]
struct Mail {
    id: Uuid,
    /// `ord_…`
    order: String,
    /// `receipt`, `confirmation`, `cancellation` or `refund`
    kind: String,
    state: State,
    created_at: DateTime<Utc>,
    /// When it was sent, parked or skipped.
    settled_at: Option<DateTime<Utc>>,
    /// The address it went to, once it is written.
    to: Option<String>,
    subject: Option<String>,
    /// Why it is parked or was skipped; told to operators and services.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A mail with what it says.
#[derive(Debug, Serialize, ToSchema)]
struct WholeMail {
    #[serde(flatten)]
    mail: Mail,
    /// The letter as plain text.
    text: Option<String>,
    /// The letter as a page.
    html: Option<String>,
}

impl Mail {
    fn shown_to(reader: &Reader, row: &Model) -> Self {
        let is_trusted = matches!(reader, Reader::Trusted(_));
        Self {
            id: row.id,
            order: row.order().to_string(),
            kind: row.kind.clone(),
            state: row.state,
            created_at: row.created_at,
            settled_at: row.settled_at,
            to: row.recipient.clone(),
            subject: row.subject.clone(),
            // It may hold what a mail server says about itself.
            reason: row.reason.clone().filter(|_| is_trusted),
        }
    }
}

/// Lists mails: a customer's own, everyone's for operators and services.
#[utoipa::path(tag = "mails", params(Which), security(("bearer" = [])), responses(
    (status = 200, body = Mails),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, body = Problem, description = "mail-unknown: no order of the caller's is known by that id"),
    (status = 422, body = Problem),
))]
#[get("/mails")]
pub(super) async fn list_mails(
    reader: Reader,
    which: Valid<Query<Which>>,
    db: Data<DatabaseConnection>,
) -> Result<Json<Mails>, Problem> {
    let Valid(Query(Which { order, after, limit })) = which;
    let customer = customer(&reader);
    if let Some(order) = order
        && !mails::is_known(&**db, order, customer).await?
    {
        return Err(Problem::not_found(MAIL_UNKNOWN, "there is no mail of such an order"));
    }
    // One more than asked for tells whether there is a next page.
    let mut rows = mails::newest(&**db, order, customer, after, limit + 1).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().map(|row| row.id).filter(|_| more);
    let items = rows.iter().map(|row| Mail::shown_to(&reader, row)).collect();
    Ok(Json(Mails { items, next }))
}

/// Shows one mail with its text and its page.
#[utoipa::path(tag = "mails", params(("id" = Uuid, Path)), security(("bearer" = [])), responses(
    (status = 200, body = WholeMail),
    (status = 401, body = Problem),
    (status = 403, body = Problem),
    (status = 404, body = Problem, description = "mail-unknown"),
))]
#[get("/mails/{id}")]
pub(super) async fn read_mail(
    reader: Reader,
    id: Path<Uuid>,
    db: Data<DatabaseConnection>,
) -> Result<Json<WholeMail>, Problem> {
    let row = mails::find(&**db, *id, customer(&reader)).await?;
    let row = row.ok_or_else(|| Problem::not_found(MAIL_UNKNOWN, "there is no such mail"))?;
    let mail = Mail::shown_to(&reader, &row);
    Ok(Json(WholeMail { mail, text: row.text, html: row.html }))
}

/// Whose mails may be seen; none means everyone's.
fn customer(reader: &Reader) -> Option<CustomerId> {
    match reader {
        Reader::Customer(customer) => Some(*customer),
        Reader::Trusted(_) => None,
    }
}
