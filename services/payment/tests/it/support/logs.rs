//! Everything the services log and trace, for tests that look at it.

use std::io;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt as _;

/// One for the whole process, because services answer on threads of their own.
static LOGS: Logs = Logs(Mutex::new(Seen { secrets: &[], told: Vec::new(), requests: 0 }));
static STARTED: Once = Once::new();

pub(crate) struct Logs(Mutex<Seen>);

struct Seen {
    secrets: &'static [&'static str],
    told: Vec<String>,
    requests: usize,
}

impl Logs {
    /// Logs everything there is, on every level, and traces it as in production.
    pub(crate) fn start() -> &'static Self {
        STARTED.call_once(|| {
            let lines =
                tracing_subscriber::fmt::layer().with_span_events(FmtSpan::FULL).with_writer(&LOGS);
            let tracer = SdkTracerProvider::default().tracer("tests");
            let traces = tracing_opentelemetry::layer().with_tracer(tracer);
            let everything = tracing_subscriber::registry().with(lines).with(traces);
            tracing::subscriber::set_global_default(everything).unwrap();
        });
        &LOGS
    }

    /// Keeps the lines that tell one of these.
    pub(crate) fn watch_for(&self, secrets: &'static [&'static str]) {
        self.seen().secrets = secrets;
    }

    /// The lines that told one.
    pub(crate) fn told(&self) -> Vec<String> {
        self.seen().told.clone()
    }

    /// How many lines were about storing cards.
    pub(crate) fn about_cards(&self) -> usize {
        self.seen().requests
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl io::Write for &Logs {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let mut seen = self.seen();
        seen.requests += usize::from(text.contains("/payment-methods"));
        if seen.secrets.iter().any(|secret| text.contains(secret)) {
            seen.told.push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for &'static Logs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self
    }
}
