//! One JSON object per log line, with the fields of the spans it was written in.

use std::io::Write as _;

use serde_json::Value;
use shop_kernel::{Clock as _, SystemClock};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::fields::{Fields, TraceIds};

type Write = dyn Fn(&[u8]) + Send + Sync;

/// Writes each event as a line.
pub(super) struct JsonLines {
    service: &'static str,
    write: Box<Write>,
    traces: TraceIds,
}

impl JsonLines {
    /// Lines on standard output, of `service` where no span says otherwise.
    pub(super) fn new(service: &'static str) -> Self {
        // A log that cannot be written has nowhere to say so.
        Self::written_by(service, |line| drop(std::io::stdout().lock().write_all(line)))
    }

    fn written_by(service: &'static str, write: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        Self { service, write: Box::new(write), traces: TraceIds::default() }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for JsonLines {
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        self.traces.read_from(dispatch);
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
        if let Some(span) = self.traces.span_of(spans) {
            line.set("trace_id", span.trace_id().to_string().into());
        }
        event.record(&mut line);
        let mut text = Value::Object(line.0).to_string();
        text.push('\n');
        (self.write)(text.as_bytes());
    }
}

#[cfg(test)]
mod tests;
