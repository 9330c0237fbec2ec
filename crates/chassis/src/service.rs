//! What a service says about itself, in one constant.

use utoipa::openapi::OpenApi;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::http;

/// Names a service and says where its defaults and its routes are.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// Its name: metric label, log field, token subject, queue prefix.
    pub name: &'static str,
    /// Its version, usually `env!("CARGO_PKG_VERSION")`.
    pub version: &'static str,
    /// What it is for, in a sentence; heads `--help` and the API document.
    pub summary: &'static str,
    /// The documented defaults, `include_str!("../config/default.toml")`.
    pub defaults: &'static str,
    /// Adds its routes; those every service has are added by [`crate::Server`].
    pub routes: fn(&mut ServiceConfig<'_>),
}

impl Service {
    /// The description of its HTTP API.
    #[must_use]
    pub fn openapi(&self) -> OpenApi {
        http::document(self)
    }
}
