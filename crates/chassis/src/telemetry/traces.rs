//! Where finished spans go: to a collector, or nowhere.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_otlp::{Protocol, SpanExporter as OtlpExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanData, SpanExporter,
};
use uuid::Uuid;

use super::TelemetryError;
use crate::config::TelemetryConfig;
use crate::service::Process;

/// Where a collector takes traces, below its base.
const PATH: &str = "v1/traces";
/// A batch that is not taken by then is given up; meanwhile others wait in a queue with an end.
const SEND_WITHIN: Duration = Duration::from_secs(3);
/// Spans are on their way this long after their end, or sooner where there are many.
const SEND_EVERY: Duration = Duration::from_secs(1);
/// Some seconds of a busy service; what comes on top while the collector is slow is dropped.
const KEPT: usize = 8_192;
const SENT_AT_ONCE: usize = 512;

/// Hands spans to whoever collects them.
#[derive(Debug)]
pub(super) struct Traces(SdkTracerProvider);

impl Traces {
    /// Sends to the collector of the settings; a service works the same whether it is there.
    pub(super) fn start(
        process: Process,
        config: &TelemetryConfig,
    ) -> Result<Self, TelemetryError> {
        let url = config.otlp_url.trim_end_matches('/');
        if url.is_empty() {
            // Spans have ids even while nobody collects them: log lines and messages carry them.
            return Ok(Self(SdkTracerProvider::builder().build()));
        }
        // Refused when it is set already, which is as good.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let exporter = OtlpExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(format!("{url}/{PATH}"))
            .with_timeout(SEND_WITHIN)
            .build()
            .map_err(|source| TelemetryError::Traces { url: url.to_owned(), source })?;
        let batches = BatchConfigBuilder::default()
            .with_scheduled_delay(SEND_EVERY)
            .with_max_queue_size(KEPT)
            .with_max_export_batch_size(SENT_AT_ONCE)
            .build();
        let exporter = Watched { exporter, process: process.name, is_away: AtomicBool::default() };
        let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
        let ratio = config.sample_ratio.clamp(0.0, 1.0);
        let provider = SdkTracerProvider::builder()
            // Who has begun a trace has decided: it is kept whole, or not at all.
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(ratio))))
            .with_resource(resource(process))
            .with_span_processor(processor)
            .build();
        Ok(Self(provider))
    }

    pub(super) fn provider(&self) -> &SdkTracerProvider {
        &self.0
    }

    /// Sends what is left, as far as that is quick.
    pub(super) fn flush(self) {
        drop(self.0.shutdown_with_timeout(SEND_WITHIN));
    }
}

fn resource(process: Process) -> Resource {
    Resource::builder()
        .with_service_name(process.name)
        .with_attribute(KeyValue::new("service.version", process.version))
        .with_attribute(KeyValue::new("service.instance.id", Uuid::new_v4().to_string()))
        .with_attribute(KeyValue::new("vcs.ref.head.revision", process.commit))
        .build()
}

/// Says once that the collector is away and once that it is back, instead of at each batch.
struct Watched {
    exporter: OtlpExporter,
    process: &'static str,
    is_away: AtomicBool,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watched").field("is_away", &self.is_away).finish_non_exhaustive()
    }
}

impl SpanExporter for Watched {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len() as u64;
        let outcome = self.exporter.export(batch).await;
        let was_away = self.is_away.swap(outcome.is_err(), Ordering::Relaxed);
        match &outcome {
            Ok(()) if was_away => tracing::info!("the collector takes traces again"),
            Err(error) if !was_away => {
                tracing::warn!(error = error as &dyn std::error::Error, "traces get lost");
            }
            Ok(()) | Err(_) => {}
        }
        let outcome_name = if outcome.is_ok() { "sent" } else { "lost" };
        metrics::counter!(
            "telemetry_spans_total", "service" => self.process, "outcome" => outcome_name,
        )
        .increment(spans);
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

#[cfg(test)]
mod tests;
