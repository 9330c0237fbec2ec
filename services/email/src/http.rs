//! The HTTP API: what was sent, and to whom.

mod audit;
mod mails;

use utoipa_actix_web::service_config::ServiceConfig;

/// The one code of email's own.
pub const MAIL_UNKNOWN: &str = "mail-unknown";

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(mails::list_mails).service(mails::read_mail).service(audit::read_audit);
    chassis::ops::routes(config);
    chassis::inbox::routes(config);
    chassis::feed::routes(config);
}
