//! What a service says about itself, in one constant.

use std::sync::OnceLock;

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
    /// The commit it was built from, `option_env!("SHOP_COMMIT")`: only the services themselves are
    /// built anew for another.
    pub commit: Option<&'static str>,
    /// What it is for, in a sentence; heads `--help` and the API document.
    pub summary: &'static str,
    /// The documented defaults, `include_str!("../config/default.toml")`.
    pub defaults: &'static str,
    /// Adds its routes; those every service has are added by [`crate::Server`].
    pub routes: fn(&mut ServiceConfig<'_>),
}

/// What telemetry says about the process it comes from.
#[derive(Debug, Clone, Copy)]
pub struct Process {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The commit it was built from, or `unknown`.
    pub commit: &'static str,
}

impl Process {
    /// Where the build does not know the commit, the image may: it is asked for `SHOP_COMMIT`.
    #[must_use]
    pub fn new(name: &'static str, version: &'static str, commit: Option<&'static str>) -> Self {
        static AT_RUN_TIME: OnceLock<Option<String>> = OnceLock::new();
        let of_image = || {
            let commit = AT_RUN_TIME.get_or_init(|| {
                let commit = std::env::var_os("SHOP_COMMIT")?.into_string().ok()?;
                (!commit.is_empty()).then_some(commit)
            });
            commit.as_deref()
        };
        let commit = commit.filter(|commit| !commit.is_empty()).or_else(of_image);
        Self { name, version, commit: commit.unwrap_or("unknown") }
    }
}

impl Service {
    /// What telemetry calls it.
    #[must_use]
    pub fn process(&self) -> Process {
        Process::new(self.name, self.version, self.commit)
    }

    /// The description of its HTTP API.
    #[must_use]
    pub fn openapi(&self) -> OpenApi {
        http::document(self)
    }
}
