//! The HTTP API: one answer per screen.

mod caller;
mod carts;
mod checkout;
mod code;
mod home;
mod key;
mod orders;
mod passed_on;
mod products;
mod sessions;
pub(crate) mod shape;
mod tagged;
pub(crate) mod taste;

use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the routes of this service, all under the version they belong to.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(scope("/api/v1").configure(version_1));
}

fn version_1(config: &mut ServiceConfig<'_>) {
    config
        .service(sessions::register)
        .service(sessions::sign_in)
        .service(sessions::refresh_session)
        .service(sessions::sign_out)
        .service(sessions::become_guest)
        .service(home::show_home)
        .service(products::list_products)
        .service(products::show_product)
        .service(carts::show_cart)
        .service(carts::set_line)
        .service(carts::add_line)
        .service(carts::remove_line)
        .service(carts::merge_carts)
        .service(checkout::show_checkout)
        .service(checkout::place_order)
        .service(checkout::store_card)
        .service(checkout::remove_card)
        .service(orders::list_orders)
        .service(orders::show_order)
        .service(orders::cancel_order)
        .service(orders::reorder);
}
