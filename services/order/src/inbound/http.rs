//! The HTTP API: routes, and who may use them.

mod audit;
mod cart_body;
mod carts;
mod code;
mod details;
mod keyed;
mod order_body;
mod orders;
mod problem;
mod reading;
mod schema;
mod snapshots;

use chassis::{Service, feed, inbox, ops, trace};
use order_core::ports::Cause;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use audit::Auditor;
pub(crate) use orders::begin_figures;

/// What this service says about itself.
pub const SERVICE: Service = Service {
    name: "order",
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("SHOP_COMMIT"),
    summary: "Carts and orders: event-sourced, and at the centre of the saga.",
    defaults: include_str!("../../config/default.toml"),
    routes,
};

fn routes(config: &mut ServiceConfig<'_>) {
    carts::routes(config);
    orders::routes(config);
    reading::routes(config);
    audit::routes(config);
    snapshots::routes(config);
    feed::routes(config);
    inbox::routes(config);
    ops::routes(config);
}

/// A request has no message behind it, but a trace.
fn cause() -> Cause {
    Cause { message: None, traceparent: trace::current_traceparent() }
}
