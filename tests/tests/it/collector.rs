//! A collector of traces, as far as these tests need one: it takes OTLP over HTTP and keeps it.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span as Sent;
use prost::Message as _;

const TAKEN: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n";

/// A span, as far as these tests look at it. Ids are hexadecimal.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) service: String,
    pub(crate) instance: String,
    pub(crate) name: String,
    pub(crate) trace: String,
    pub(crate) id: String,
    /// Empty where a trace begins.
    pub(crate) parent: String,
    /// The order it is about.
    pub(crate) order: Option<String>,
}

#[derive(Debug, Default)]
struct Kept {
    spans: Vec<Span>,
    texts: BTreeSet<String>,
}

/// It takes traces until the process ends.
#[derive(Debug)]
pub(crate) struct Collector {
    url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept = Arc::<Mutex<Kept>>::default();
        let keep = Arc::clone(&kept);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, keep) = (stream.unwrap(), Arc::clone(&keep));
                // A service that is killed breaks off where it is: that ends the thread.
                std::thread::spawn(move || serve(&stream, &keep));
            }
        });
        Self { url, kept }
    }

    /// What `telemetry.otlp_url` is to be.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The spans of one trace that have come by now.
    pub(crate) fn trace(&self, id: &str) -> Vec<Span> {
        let kept = self.kept.lock().unwrap();
        kept.spans.iter().filter(|span| span.trace == id).cloned().collect()
    }

    /// The traces in which something was done about an order.
    pub(crate) fn traces_about(&self, order: &str) -> BTreeSet<String> {
        let kept = self.kept.lock().unwrap();
        let about = kept.spans.iter().filter(|span| span.order.as_deref() == Some(order));
        about.map(|span| span.trace.clone()).collect()
    }

    /// Every text of an attribute or an event that holds one of these.
    pub(crate) fn texts_with(&self, forbidden: &[String]) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        assert!(kept.spans.len() > 1_000, "only {} spans: this proves nothing", kept.spans.len());
        let is_told = |text: &&String| forbidden.iter().any(|secret| text.contains(secret));
        kept.texts.iter().filter(is_told).cloned().collect()
    }
}

/// Takes one request after the other, as long as they come.
fn serve(stream: &TcpStream, keep: &Mutex<Kept>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut length, mut line) = (0, String::new());
        while reader.read_line(&mut line).ok()? > 2 {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok()?;
            }
            line.clear();
        }
        if line.is_empty() {
            return None;
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        keep.lock().unwrap().take(request);
        let mut stream = stream;
        stream.write_all(TAKEN).ok()?;
    }
}

impl Kept {
    fn take(&mut self, request: ExportTraceServiceRequest) {
        for of_process in request.resource_spans {
            let resource = of_process.resource.unwrap_or_default().attributes;
            let service = text(&resource, "service.name").unwrap_or_default();
            let instance = text(&resource, "service.instance.id").unwrap_or_default();
            for sent in of_process.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                self.texts.extend(texts(&sent));
                self.spans.push(Span {
                    service: service.clone(),
                    instance: instance.clone(),
                    trace: hex(&sent.trace_id),
                    id: hex(&sent.span_id),
                    parent: hex(&sent.parent_span_id),
                    order: text(&sent.attributes, "order.id"),
                    name: sent.name,
                });
            }
        }
    }
}

fn texts(span: &Sent) -> impl Iterator<Item = String> {
    let of_events = span.events.iter().flat_map(|event| &event.attributes);
    let values = span.attributes.iter().chain(of_events).filter_map(|pair| as_text(&pair.value));
    let names = span.events.iter().map(|event| event.name.clone());
    values.chain(names).chain([span.name.clone()])
}

fn text(attributes: &[KeyValue], key: &str) -> Option<String> {
    let found = attributes.iter().find(|pair| pair.key == key)?;
    as_text(&found.value)
}

fn as_text(value: &Option<AnyValue>) -> Option<String> {
    match value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        other => Some(format!("{other:?}")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
