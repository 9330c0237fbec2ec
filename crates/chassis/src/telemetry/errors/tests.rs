use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

const PROCESS: Process = Process { name: "order", version: "1.2.3", commit: "c0ffee" };
const SOON: Duration = Duration::from_secs(10);

/// What a server was sent: its head and its body.
type Taken = (String, String);

/// A server that takes reports, and the secret address of its project 7.
fn server() -> (SecretString, mpsc::Receiver<Taken>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let dsn = format!("http://k3y@{}/7", listener.local_addr().unwrap());
    let (taken, takes) = mpsc::channel();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let connection = connection.unwrap();
            let mut reader = BufReader::new(&connection);
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                if let Some((_, value)) = line.split_once("ontent-length:") {
                    length = value.trim().parse().unwrap();
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            (&connection).write_all(answer).unwrap();
            taken.send((head, String::from_utf8(body).unwrap())).unwrap();
        }
    });
    (dsn.into(), takes)
}

/// Does `work` while errors are reported to `dsn`.
fn reported(dsn: &SecretString, work: impl FnOnce()) {
    let reporter = Reporter::start(PROCESS, dsn).unwrap().unwrap();
    let provider = SdkTracerProvider::builder().build();
    let traces = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let subscriber = tracing_subscriber::registry().with(traces).with(reporter.layer());
    tracing::subscriber::with_default(subscriber, work);
}

#[test]
fn an_error_is_reported_with_where_it_happened() {
    let (dsn, takes) = server();
    let error = anyhow::anyhow!("root").context("top");

    reported(&dsn, || {
        let _span =
            tracing::info_span!("request", order.id = "ord_1", request.id = "r-1").entered();
        let error: &(dyn std::error::Error + 'static) = error.as_ref();
        tracing::warn!("not this");
        tracing::error!(error, attempt = 3, "a fault");
    });

    let (head, body) = takes.recv_timeout(SOON).unwrap();
    assert!(head.starts_with("POST /api/7/envelope/ "), "{head}");
    assert!(head.contains("sentry_key=k3y"), "{head}");
    let event: Value = serde_json::from_str(body.lines().nth(2).unwrap()).unwrap();
    assert_eq!(event["message"]["formatted"], "a fault");
    assert_eq!(event["release"], "order@1.2.3+c0ffee");
    assert_eq!(event["tags"]["order.id"], "ord_1");
    assert_eq!(
        (&event["tags"]["service"], &event["extra"]["attempt"]),
        (&"order".into(), &3.into())
    );
    assert_eq!(event["exception"]["values"][0]["value"], "root");
    assert_eq!(event["exception"]["values"][1]["value"], "top");
    assert_eq!(event["contexts"]["trace"]["trace_id"].as_str().map(str::len), Some(32));
    assert!(takes.try_recv().is_err(), "a warning was reported");
}

#[test]
fn what_was_logged_last_is_reported_before_the_end() {
    let (dsn, takes) = server();

    reported(&dsn, || tracing::error!("the last word"));

    assert!(takes.recv_timeout(SOON).unwrap().1.contains("the last word"));
}

#[test]
fn a_server_that_says_nothing_holds_nobody_up() {
    // Takes connections, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let dsn = format!("http://k3y@{}/7", silent.local_addr().unwrap()).into();
    let mut logging = Duration::ZERO;

    reported(&dsn, || {
        let begin = std::time::Instant::now();
        for n in 0..1_000 {
            tracing::error!(n, "again");
        }
        logging = begin.elapsed();
    });

    assert!(logging < Duration::from_secs(1), "{logging:?}");
}

#[test]
fn without_a_dsn_nothing_is_reported_and_a_wrong_one_is_refused() {
    assert!(Reporter::start(PROCESS, &SecretString::default()).unwrap().is_none());
    assert!(matches!(
        Reporter::start(PROCESS, &"https://no-key.example/7".into()),
        Err(TelemetryError::Dsn)
    ));
}
