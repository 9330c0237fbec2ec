//! The addresses of the BFF: `POST /graphql` executes, `GET /graphql` listens, `GET /mails/…` shows
//! a letter as it would look in a mailbox.

mod body;
mod execute;
mod guard;
mod letter;
mod listen;

use std::sync::Arc;
use std::time::Duration;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use execute::begin_figures;

use crate::config::GraphqlConfig;
use crate::schema::ShopSchema;
use crate::session::Sessions;
use crate::upstream::Upstream;

/// What every request needs.
pub(crate) struct Gateway {
    pub(crate) schema: ShopSchema,
    pub(crate) sessions: Sessions,
    pub(crate) upstream: Arc<Upstream>,
    pub(crate) limits: GraphqlConfig,
    /// The shop's own address, as browsers name it; where none is set, the one they ask for.
    pub(crate) origin: Option<String>,
    pub(crate) heartbeat: Duration,
}

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(execute::execute).service(listen::listen).service(letter::letter);
}
