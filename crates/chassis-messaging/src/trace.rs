//! W3C trace context as text, for where it must outlive the task: outbox rows, headers, due work.
//!
//! <https://www.w3.org/TR/trace-context/#traceparent-header>

use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState,
};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The `traceparent` of the current span; none outside a trace.
#[must_use]
pub fn current_traceparent() -> Option<String> {
    let context = Span::current().context();
    let span = context.span();
    let span = span.span_context();
    span.is_valid().then(|| {
        format!("00-{}-{}-{:02x}", span.trace_id(), span.span_id(), span.trace_flags().to_u8())
    })
}

/// Makes a span that has not been entered yet a child of the given `traceparent`.
///
/// A text that is not a `traceparent` is ignored, as the standard asks: the span starts a trace.
pub fn set_parent(span: &Span, traceparent: Option<&str>) {
    if let Some(parent) = traceparent.and_then(parse) {
        let context = opentelemetry::Context::new().with_remote_span_context(parent);
        // Fails only where no OpenTelemetry layer listens, and then there is no trace to continue.
        let _ = span.set_parent(context);
    }
}

/// Gives a span another name in traces, also once it has begun: recording `otel.name` is too late then.
pub fn rename(span: &Span, name: String) {
    span.context().span().update_name(name);
}

/// The trace id inside a `traceparent`, as 32 hexadecimal digits.
#[must_use]
pub fn trace_id(traceparent: &str) -> Option<String> {
    parse(traceparent).map(|parent| parent.trace_id().to_string())
}

fn parse(traceparent: &str) -> Option<SpanContext> {
    let mut parts = traceparent.trim().split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    // Version ff is forbidden; versions after 00 may carry more parts, which are skipped.
    if version.len() != 2 || version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    if trace.len() != 32 || span.len() != 16 || flags.len() != 2 {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace).ok()?,
        SpanId::from_hex(span).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
        true,
        TraceState::default(),
    );
    context.is_valid().then_some(context)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_yields_its_trace() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        assert_eq!(trace_id(text).as_deref(), Some("0af7651916cd43dd8448eb211c80319c"));
    }

    #[test]
    fn what_is_no_traceparent_is_ignored() {
        for text in [
            "",
            "00",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
            "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
            "00-zzf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ] {
            assert_eq!(trace_id(text), None, "{text}");
        }
    }
}
