use std::sync::{Arc, Mutex};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

/// The lines `work` writes, parsed.
fn lines(work: impl FnOnce()) -> Vec<Value> {
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&written);
    let lines = JsonLines::written_by("shop", move |line| {
        sink.lock().unwrap().extend_from_slice(line);
    });
    let provider = SdkTracerProvider::builder().build();
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let subscriber = tracing_subscriber::registry().with(traces).with(lines);
    tracing::subscriber::with_default(subscriber, work);
    let text = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_line_has_the_fields_of_the_spans_it_is_written_in() {
    let lines = lines(|| {
        let outer =
            tracing::info_span!("request", service = "order", order.id = tracing::field::Empty);
        outer.record("order.id", "ord_1");
        let _outer = outer.entered();
        let _inner = tracing::info_span!("step", step = 2, otel.kind = "internal").entered();
        tracing::info!(took_ms = 7, "done");
    });

    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(line["service"], "order");
    assert_eq!(line["order.id"], "ord_1");
    assert_eq!((&line["step"], &line["took_ms"]), (&2.into(), &7.into()));
    assert_eq!((&line["level"], &line["message"]), (&"INFO".into(), &"done".into()));
    assert_eq!(line["trace_id"].as_str().map(str::len), Some(32));
    assert!(line.get("otel.kind").is_none());
}

#[test]
fn a_line_outside_any_span_has_the_service_of_the_process() {
    let lines = lines(|| tracing::warn!("alone"));

    assert_eq!(lines[0]["service"], "shop");
    assert!(lines[0].get("trace_id").is_none());
}

#[test]
fn an_error_is_written_with_its_chain() {
    let error = anyhow::anyhow!("root").context("middle").context("top");

    let lines = lines(|| {
        let error: &(dyn std::error::Error + 'static) = error.as_ref();
        tracing::error!(error, "failed");
    });

    assert_eq!(lines[0]["error"], "top");
    assert_eq!(lines[0]["error.chain"], serde_json::json!(["middle", "root"]));
}

#[test]
fn what_a_stranger_sends_cannot_add_a_line() {
    let lines = lines(|| tracing::info!(name = "a\n{\"level\":\"ERROR\"}", "b\r\nc"));

    assert_eq!(lines.len(), 1);
}
