//! The HTTP API.

mod audit;
mod key;
mod operate;
pub(crate) mod problem;
mod query;
mod shop;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the routes of this service. The batch stands before the product it would be taken for.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(shop::list_products)
        .service(shop::read_products)
        .service(shop::read_product)
        .service(shop::list_categories)
        .service(operate::add_product)
        .service(operate::change_product)
        .service(operate::adjust_stock)
        .service(operate::list_adjustments)
        .service(audit::read_audit)
        .configure(chassis::feed::routes)
        .configure(chassis::inbox::routes)
        .configure(chassis::ops::routes);
}
