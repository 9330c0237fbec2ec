//! What layers read from spans and events: their fields, and the trace they are part of.

use std::fmt;
use std::sync::OnceLock;

use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use serde_json::{Map, Value};
use tracing::Dispatch;
use tracing::dispatcher::WeakDispatch;
use tracing::field::{Field, Visit};
use tracing::span::Id;

/// Finds the trace a span is part of.
#[derive(Debug, Default)]
pub(super) struct TraceIds(OnceLock<WeakDispatch>);

impl TraceIds {
    /// Remembers the subscriber whose spans it is asked for.
    pub(super) fn read_from(&self, dispatch: &Dispatch) {
        // Registered once; a second subscriber of the same layer cannot exist.
        drop(self.0.set(dispatch.downgrade()));
    }

    /// The first of these spans that is part of a trace, as the trace knows it.
    pub(super) fn span_of(&self, spans: impl Iterator<Item = Id>) -> Option<SpanContext> {
        let dispatch = self.0.get()?.upgrade()?;
        spans
            .filter_map(|span| tracing_opentelemetry::get_otel_context(&span, &dispatch))
            .map(|context| context.span().span_context().clone())
            .find(SpanContext::is_valid)
    }
}

/// Fields of a span or of an event. Names starting with `otel.` are for traces, not for lines.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    pub(super) fn set(&mut self, name: &str, value: Value) {
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
