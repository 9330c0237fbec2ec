//! One JSON object per log line, with the fields of the spans it was written in.

use std::fmt;
use std::io::Write as _;
use std::sync::OnceLock;

use opentelemetry::trace::TraceContextExt as _;
use serde_json::{Map, Value};
use shop_kernel::{Clock as _, SystemClock};
use tracing::dispatcher::WeakDispatch;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

type Write = dyn Fn(&[u8]) + Send + Sync;

/// Writes each event as a line.
pub(super) struct JsonLines {
    service: &'static str,
    write: Box<Write>,
    dispatch: OnceLock<WeakDispatch>,
}

impl JsonLines {
    /// Lines on standard output, of `service` where no span says otherwise.
    pub(super) fn new(service: &'static str) -> Self {
        // A log that cannot be written has nowhere to say so.
        Self::written_by(service, |line| drop(std::io::stdout().lock().write_all(line)))
    }

    fn written_by(service: &'static str, write: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        Self { service, write: Box::new(write), dispatch: OnceLock::new() }
    }

    fn trace_id(&self, spans: impl Iterator<Item = Id>) -> Option<String> {
        let dispatch = self.dispatch.get()?.upgrade()?;
        spans
            .filter_map(|span| tracing_opentelemetry::get_otel_context(&span, &dispatch))
            .map(|context| context.span().span_context().clone())
            .find(opentelemetry::trace::SpanContext::is_valid)
            .map(|context| context.trace_id().to_string())
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for JsonLines {
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        // Registered once; a second subscriber of the same layer cannot exist.
        drop(self.dispatch.set(dispatch.downgrade()));
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            record.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Fields::default();
        line.set("timestamp", SystemClock.now().to_rfc3339().into());
        line.set("level", event.metadata().level().as_str().into());
        line.set("service", self.service.into());
        line.set("target", event.metadata().target().into());
        // Outermost first, so that what is nearer to the event wins.
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.0.extend(fields.0.clone());
            }
        }
        let spans = context.event_scope(event).into_iter().flatten().map(|span| span.id());
        if let Some(trace) = self.trace_id(spans) {
            line.set("trace_id", trace.into());
        }
        event.record(&mut line);
        let mut text = Value::Object(line.0).to_string();
        text.push('\n');
        (self.write)(text.as_bytes());
    }
}

/// Fields of a span or of an event. Names starting with `otel.` are for traces, not for lines.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn set(&mut self, name: &str, value: Value) {
        if !name.starts_with("otel.") {
            self.0.insert(name.to_owned(), value);
        }
    }
}

impl Visit for Fields {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), value.into());
    }

    fn record_error(&mut self, field: &Field, error: &(dyn std::error::Error + 'static)) {
        let chain = std::iter::successors(error.source(), |error| error.source());
        let chain: Vec<Value> = chain.map(|cause| cause.to_string().into()).collect();
        self.set(field.name(), error.to_string().into());
        if !chain.is_empty() {
            self.set(&format!("{}.chain", field.name()), chain.into());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field.name(), format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests;
