//! `GET /inbox`: which messages of an order this service took in, and when.
#![expect(unused_qualifications, reason = "what utoipa makes of query parameters")]

use actix_web::get;
use actix_web::web::{self, Json, Query};
use chassis_messaging::inbox;
use serde::{Deserialize, Serialize};
use shop_kernel::OrderId;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::Problem;
use crate::auth::Reader;
use crate::ops::Operations;

/// Adds the route; the server needs [`Operations`] as data.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(read_inbox);
}

#[derive(Debug, Deserialize, IntoParams)]
struct Which {
    /// The order, as `ord_…`
    #[param(value_type = String)]
    order: OrderId,
}

/// What was taken in.
#[derive(Debug, Serialize)]
struct Inbox {
    items: Vec<inbox::Model>,
}

/// Lists what was taken in for an order. A customer sees what names them, and nothing of others.
#[utoipa::path(tag = "operations", params(Which), security(("bearer" = [])), responses(
    (status = 200, description = "items, oldest first", body = serde_json::Value),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem),
))]
#[get("/inbox")]
async fn read_inbox(
    reader: Reader,
    which: Query<Which>,
    operations: web::Data<Operations>,
) -> Result<Json<Inbox>, Problem> {
    let customer = match reader {
        Reader::Customer(customer) => Some(customer.to_string()),
        Reader::Trusted(_) => None,
    };
    let items = inbox::of_order(operations.store()?, which.order, customer.as_deref()).await?;
    Ok(Json(Inbox { items }))
}
