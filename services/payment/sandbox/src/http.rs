//! The HTTP API.

mod api_key;
mod body;
mod charges;
mod code;
mod key;
mod ledger;
mod problem;
mod refunds;
mod sandbox;
mod tokens;

use std::time::Duration;

pub(crate) use api_key::ApiKey;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::mode::{Mode, Switch};
use chassis::Problem;

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(tokens::store_card)
        .service(charges::take_charge)
        .service(charges::read_charge)
        .service(refunds::make_refund)
        .service(ledger::read_ledger)
        .service(sandbox::read_mode)
        .service(sandbox::set_mode)
        .service(sandbox::allow_refunds);
}

/// How long slow things take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SlowFor(pub(crate) Duration);

/// Lets a request about money through as the mode has it: at once, late, or not at all.
async fn admit(switch: &Switch, slow: SlowFor) -> Result<(), Problem> {
    match switch.mode() {
        Mode::Up => Ok(()),
        Mode::Slow => {
            tokio::time::sleep(slow.0).await;
            Ok(())
        }
        Mode::Down => Err(Problem::unavailable(code::DOWN, "the provider is down")),
    }
}
