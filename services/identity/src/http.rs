//! The HTTP API: routes, and what they share.

mod audit;
mod bodies;
pub(crate) mod client_address;
mod customers;
mod guests;
mod keys;
mod problem;
mod services;
mod sessions;

use utoipa_actix_web::service_config::ServiceConfig;

pub use problem::CODES;

/// An answer with tokens is for its receiver alone.
const NO_STORE: (&str, &str) = ("Cache-Control", "no-store");

/// Adds the routes of identity.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(customers::register_customer)
        .service(customers::read_me)
        .service(customers::change_me)
        .service(sessions::sign_in)
        .service(sessions::refresh_session)
        .service(sessions::sign_out)
        .service(guests::issue_guest_token)
        .service(services::issue_service_token)
        .service(keys::read_jwks)
        .service(keys::list_keys)
        .service(keys::rotate_keys)
        .service(audit::read_audit);
}
