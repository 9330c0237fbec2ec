//! The HTTP API.

mod audit;
mod inbox;
mod orders;
mod problem;
mod rebuild;
mod sales;

use utoipa_actix_web::service_config::ServiceConfig;

pub use problem::code;

/// Adds the routes of this service.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(orders::list_orders)
        .service(orders::read_order)
        .service(orders::follow_order)
        .service(inbox::read_inbox)
        .service(sales::read_sales)
        .service(audit::audit_orders)
        .service(rebuild::begin_rebuild)
        .service(rebuild::read_rebuild)
        .configure(chassis::ops::routes);
}
