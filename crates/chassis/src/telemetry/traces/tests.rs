use std::net::TcpListener;
use std::time::Instant;

use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};

use super::*;

const PROCESS: Process = Process { name: "order", version: "1.2.3", commit: "c0ffee" };

fn config(url: &str) -> TelemetryConfig {
    TelemetryConfig { otlp_url: url.to_owned(), ..TelemetryConfig::default() }
}

/// How long it takes to end so many spans, and then to stop.
fn working(url: &str, spans: usize) -> (Duration, Duration) {
    let traces = Traces::start(PROCESS, &config(url)).unwrap();
    let tracer = traces.provider().tracer("test");
    let begin = Instant::now();
    for _ in 0..spans {
        tracer.start("work").end();
    }
    let (worked, begin) = (begin.elapsed(), Instant::now());
    traces.flush();
    (worked, begin.elapsed())
}

#[test]
fn a_collector_that_is_away_or_silent_slows_nobody_down() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // Takes connections, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();

    for address in [nobody, silent.local_addr().unwrap()] {
        // More than wait for a collector: what is too much is dropped.
        let (worked, stopped) = working(&format!("http://{address}"), 3 * KEPT);

        assert!(worked < Duration::from_secs(2), "{worked:?} of work");
        assert!(stopped < SEND_WITHIN + Duration::from_secs(1), "{stopped:?} to stop");
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    let refused = Traces::start(PROCESS, &config("not an address")).unwrap_err();

    assert!(refused.to_string().contains("not an address"), "{refused}");
}
