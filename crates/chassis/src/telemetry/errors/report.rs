//! One error, as the protocol wants it.

use opentelemetry::trace::SpanContext;
use serde_json::{Map, Value, json};
use shop_kernel::{Clock as _, SystemClock};
use uuid::Uuid;

use crate::service::Process;

/// Fields errors are searched by; what else is known goes beside them.
const TAGS: [&str; 6] =
    ["service", "order.id", "request.id", "http.route", "message.kind", "work.kind"];

/// What is known of an error.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) process: Process,
    pub(super) target: &'static str,
    pub(super) message: String,
    pub(super) fields: Map<String, Value>,
    pub(super) span: Option<SpanContext>,
}

impl Report {
    /// Three lines of JSON: what is sent, what follows, and the error.
    pub(super) fn envelope(mut self) -> String {
        let id = Uuid::new_v4().simple().to_string();
        let now = SystemClock.now().to_rfc3339();
        let exceptions = self.exceptions();
        let tags: Map<_, _> =
            TAGS.iter().filter_map(|tag| self.fields.remove_entry(*tag)).collect();
        let Process { name, version, commit } = self.process;
        // What is null counts as absent.
        let exception = (!exceptions.is_empty()).then(|| json!({ "values": exceptions }));
        let contexts = self.span.as_ref().map(|span| {
            json!({ "trace": {
                "trace_id": span.trace_id().to_string(), "span_id": span.span_id().to_string(),
            }})
        });
        let event = json!({
            "event_id": id,
            "timestamp": now,
            "level": "error",
            "platform": "native",
            "logger": self.target,
            "release": format!("{name}@{version}+{commit}"),
            "server_name": name,
            "message": { "formatted": self.message },
            "tags": tags,
            "extra": self.fields,
            "exception": exception,
            "contexts": contexts,
        });
        let event = event.to_string();
        let about = json!({ "event_id": id, "sent_at": now });
        let item = json!({ "type": "event", "length": event.len() });
        format!("{about}\n{item}\n{event}\n")
    }

    /// The error and what led to it, deepest first, as the protocol has it.
    fn exceptions(&mut self) -> Vec<Value> {
        let Some(error) = self.fields.remove("error") else { return Vec::new() };
        let chain = self.fields.remove("error.chain");
        let causes = chain.as_ref().and_then(Value::as_array).into_iter().flatten().rev();
        let exception = |value: &Value| json!({ "type": self.message, "value": value });
        causes.chain([&error]).map(exception).collect()
    }
}
