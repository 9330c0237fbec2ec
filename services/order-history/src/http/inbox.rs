//! Which messages of an order this service took in, and when: here, the documents know.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chassis::Problem;
use chassis::auth::Reader;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shop_kernel::OrderId;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::fact::Fact;
use crate::history::History;
use crate::receipt::Receipt;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The order, as `ord_…`
    #[param(value_type = String)]
    order: OrderId,
}

/// What was taken in for an order.
#[derive(Debug, Serialize, ToSchema)]
struct Inbox {
    /// Oldest first.
    items: Vec<TakenIn>,
}

/// A message that was taken in, in the shape every service tells it.
#[derive(Debug, Serialize, ToSchema)]
struct TakenIn {
    /// The queue it came from, or `order-history.rebuild`.
    consumer: String,
    message_id: Uuid,
    kind: String,
    subject: String,
    #[schema(value_type = String)]
    correlation_id: OrderId,
    traceparent: Option<String>,
    attempt: u32,
    received_at: DateTime<Utc>,
    committed_at: DateTime<Utc>,
}

impl TakenIn {
    fn of(fact: &Fact, receipt: &Receipt) -> Self {
        Self {
            consumer: receipt.consumer.clone(),
            message_id: fact.id,
            kind: fact.kind.clone(),
            subject: fact.subject.clone(),
            correlation_id: fact.order,
            traceparent: fact.traceparent.clone(),
            attempt: receipt.attempt,
            received_at: receipt.received_at,
            committed_at: receipt.committed_at,
        }
    }
}

/// Lists what was taken in for an order. A customer sees what names them, and nothing of others.
#[utoipa::path(tag = "operations", params(Which), security(("bearer" = [])), responses(
    (status = 200, body = Inbox),
    (status = 400, body = Problem, description = "`query-not-valid`"),
))]
#[get("/inbox")]
pub(super) async fn read_inbox(
    reader: Reader,
    which: Query<Which>,
    history: Data<History>,
) -> Result<Json<Inbox>, Problem> {
    let may_see = |fact: &Fact| match &reader {
        Reader::Customer(customer) => fact.customer() == *customer,
        Reader::Trusted(_) => true,
    };
    let document = history.document(which.order).await?;
    let items = document.iter().flat_map(|document| document.inbox());
    let items = items.filter(|(fact, _)| may_see(fact));
    Ok(Json(Inbox { items: items.map(|(fact, receipt)| TakenIn::of(fact, receipt)).collect() }))
}
