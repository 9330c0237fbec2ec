//! Logs, traces, metrics and error reports of this process.

mod errors;
mod fields;
mod json;
mod metrics;
mod traces;

use opentelemetry::trace::TracerProvider as _;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{LogFormat, TelemetryConfig};
use crate::service::{Process, Service};

pub use metrics::install as install_metrics;
pub(crate) use metrics::{page as metrics_page, tell_build};

/// Target of spans that only name the service a task works for.
///
/// They give log lines their service in a process with several, and must not become parents in
/// a trace: a task lives as long as the process.
pub(crate) const TASK_TARGET: &str = "chassis::task";

/// Told at their info level at every start, and of no use to anyone; `telemetry.log` may say more.
const QUIETER: &str = "actix_server=warn,sea_orm_migration=warn";

/// Why there is no telemetry.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// `telemetry.log` cannot be understood.
    #[error("not a log filter: {filter}")]
    Filter {
        /// The filter as written.
        filter: String,
        /// What is wrong with it.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// `telemetry.otlp_url` leads nowhere.
    #[error("traces cannot be sent to {url}")]
    Traces {
        /// The address as written.
        url: String,
        /// What is wrong with it.
        #[source]
        source: opentelemetry_otlp::ExporterBuildError,
    },
    /// `telemetry.sentry_dsn` is none; it holds a key, so it is not shown.
    #[error("telemetry.sentry_dsn is not of the form https://KEY@HOST/PROJECT")]
    Dsn,
    /// The thread that sends error reports cannot be had.
    #[error("errors cannot be reported")]
    Errors(#[source] std::io::Error),
}

/// Keeps telemetry going; drop it last, so that what is buffered gets out.
#[derive(Debug)]
#[must_use = "telemetry ends when this is dropped"]
pub struct Guard {
    traces: Option<traces::Traces>,
    errors: Option<errors::Reporter>,
}

/// Starts logs, traces, metrics and error reports for `service`, and says that it starts.
///
/// The first call in a process decides; later ones change nothing, so that many tests may share
/// one.
///
/// # Errors
/// When a setting cannot be understood.
pub fn start(service: &Service, config: &TelemetryConfig) -> Result<Guard, TelemetryError> {
    start_process(service.process(), config)
}

/// Like [`start`], for a process that is no service: one with several in it, or a tool.
///
/// # Errors
/// When a setting cannot be understood.
pub fn start_process(process: Process, config: &TelemetryConfig) -> Result<Guard, TelemetryError> {
    install_metrics();
    let filter = EnvFilter::try_new(format!("{QUIETER},{}", config.log))
        .map_err(|source| TelemetryError::Filter { filter: config.log.clone(), source })?;
    let traces = traces::Traces::start(process, config)?;
    let spans = tracing_opentelemetry::layer()
        .with_tracer(traces.provider().tracer(process.name))
        // Each of these costs something at every poll of every request, and nobody reads it.
        .with_tracked_inactivity(false)
        .with_location(false)
        .with_threads(false)
        .with_filter(LevelFilter::INFO.and(filter_fn(|meta| meta.target() != TASK_TARGET)));
    let errors = errors::Reporter::start(process, &config.sentry_dsn)?;
    let reports = errors.as_ref().map(|reporter| {
        let layer = reporter.layer();
        layer.with_filter(LevelFilter::INFO.and(filter_fn(errors::is_of_interest)))
    });
    let lines = match config.format {
        LogFormat::Json => json::JsonLines::new(process.name).boxed(),
        LogFormat::Text => tracing_subscriber::fmt::layer().boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(spans)
        .with(reports)
        .with(lines.with_filter(filter))
        .try_init()
        .is_ok();
    if !started {
        return Ok(Guard { traces: None, errors: None });
    }
    tracing::info!(version = process.version, commit = process.commit, "starting");
    Ok(Guard { traces: Some(traces), errors })
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The process is ending: there is nobody left to tell what could not be sent.
        drop(self.errors.take());
        if let Some(traces) = self.traces.take() {
            traces.flush();
        }
    }
}
