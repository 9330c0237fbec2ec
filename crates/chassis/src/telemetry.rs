//! Logs, traces and metrics of this process.

mod json;
mod metrics;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{LogFormat, TelemetryConfig};

pub use metrics::install as install_metrics;
pub(crate) use metrics::page as metrics_page;

/// Target of spans that only name the service a task works for.
///
/// They give log lines their service in a process with several, and must not become parents in
/// a trace: a task lives as long as the process.
pub(crate) const TASK_TARGET: &str = "chassis::task";

/// Told at their info level at every start, and of no use to anyone; `telemetry.log` may say more.
const QUIETER: &str = "actix_server=warn,sea_orm_migration=warn";

/// Why there is no telemetry.
#[derive(Debug, thiserror::Error)]
#[error("not a log filter: {filter}")]
pub struct BadFilter {
    filter: String,
    #[source]
    source: tracing_subscriber::filter::ParseError,
}

/// Keeps telemetry going; drop it last, so that what is buffered gets out.
#[derive(Debug)]
#[must_use = "telemetry ends when this is dropped"]
pub struct Guard {
    provider: Option<SdkTracerProvider>,
}

/// Starts logs, traces and metrics for `service`, which lines outside any request are marked with.
///
/// The first call in a process decides; later ones change nothing, so that several services and
/// many tests may share one.
///
/// # Errors
/// When the filter cannot be understood.
pub fn start(service: &'static str, config: &TelemetryConfig) -> Result<Guard, BadFilter> {
    install_metrics();
    let filter = EnvFilter::try_new(format!("{QUIETER},{}", config.log))
        .map_err(|source| BadFilter { filter: config.log.clone(), source })?;
    // Spans have ids even while nobody collects them: log lines and messages carry them.
    let provider = SdkTracerProvider::builder().build();
    let traces = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer(service))
        // Each of these costs something at every poll of every request, and nobody reads it.
        .with_tracked_inactivity(false)
        .with_location(false)
        .with_threads(false)
        .with_filter(LevelFilter::INFO.and(filter_fn(|meta| meta.target() != TASK_TARGET)));
    let lines = match config.format {
        LogFormat::Json => json::JsonLines::new(service).boxed(),
        LogFormat::Text => tracing_subscriber::fmt::layer().boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(traces)
        .with(lines.with_filter(filter))
        .try_init()
        .is_ok();
    Ok(Guard { provider: started.then_some(provider) })
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = &self.provider {
            // The process is ending: there is nobody left to tell.
            drop(provider.shutdown());
        }
    }
}
