//! Errors, reported to a server that speaks Sentry's protocol (Sentry, `GlitchTip`, `Bugsink`).
//!
//! What is logged as an error is reported with where it happened. Nobody waits for a report: it is
//! handed to a thread of its own, and dropped when that has too many.
//! <https://develop.sentry.dev/sdk/foundations/transport/envelopes/>

mod dsn;
mod report;
mod sender;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::TelemetryError;
use super::fields::{Fields, TraceIds};
use crate::service::Process;
use dsn::Dsn;
use report::Report;
use sender::{Mailbox, Sender};

/// Reports errors until it is dropped; then it waits a moment for what is under way.
#[derive(Debug)]
pub(super) struct Reporter {
    process: Process,
    sender: Sender,
}

impl Reporter {
    /// Reports to where `dsn` says; none where that is empty.
    pub(super) fn start(
        process: Process,
        dsn: &SecretString,
    ) -> Result<Option<Self>, TelemetryError> {
        let dsn = dsn.expose_secret();
        if dsn.is_empty() {
            return Ok(None);
        }
        let dsn: Dsn = dsn.parse().map_err(|()| TelemetryError::Dsn)?;
        let sender = Sender::start(process.name, dsn).map_err(TelemetryError::Errors)?;
        Ok(Some(Self { process, sender }))
    }

    /// What hears of errors.
    pub(super) fn layer(&self) -> ErrorReports {
        let (process, mailbox) = (self.process, self.sender.mailbox());
        ErrorReports { process, mailbox, traces: TraceIds::default() }
    }
}

/// Spans tell where an error happened, and errors are reported; no other event is looked at.
pub(super) fn is_of_interest(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() || *metadata.level() == Level::ERROR
}

/// Makes a report of each event it is shown.
pub(super) struct ErrorReports {
    process: Process,
    mailbox: Mailbox,
    traces: TraceIds,
}

/// The fields of a span, beside those another layer may keep.
struct Noted(Fields);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ErrorReports {
    fn on_register_dispatch(&self, dispatch: &Dispatch) {
        self.traces.read_from(dispatch);
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(Noted(fields));
        }
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(Noted(fields)) = span.extensions_mut().get_mut()
        {
            record.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if *event.metadata().level() != Level::ERROR {
            return;
        }
        let mut fields = Fields::default();
        fields.set("service", self.process.name.into());
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(Noted(noted)) = span.extensions().get() {
                fields.0.extend(noted.0.clone());
            }
        }
        event.record(&mut fields);
        let spans = context.event_scope(event).into_iter().flatten().map(|span| span.id());
        let span = self.traces.span_of(spans);
        let message = fields.0.remove("message").unwrap_or(Value::Null);
        self.mailbox.put(Report {
            process: self.process,
            target: event.metadata().target(),
            message: message.as_str().unwrap_or_default().to_owned(),
            fields: fields.0,
            span,
        });
    }
}

#[cfg(test)]
mod tests;
