//! The HTTP API.

mod audit;
mod code;
mod credit;
mod idempotency;
mod methods;
mod parked;
mod payments;
mod problem;
mod silent;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(methods::add_payment_method)
        .service(methods::list_payment_methods)
        .service(methods::remove_payment_method)
        .service(credit::read_credit)
        .service(credit::set_credit_limit)
        .service(payments::read_payment)
        .service(parked::list_parked_refunds)
        .service(parked::retry_refund)
        .service(audit::read_audit);
    chassis::ops::routes(config);
    chassis::feed::routes(config);
    chassis::inbox::routes(config);
}
