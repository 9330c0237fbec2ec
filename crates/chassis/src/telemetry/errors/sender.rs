//! The thread that sends reports.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::blocking::Client;
use reqwest::header::RETRY_AFTER;

use super::dsn::Dsn;
use super::report::Report;

/// More at once are one outage seen many times: the rest is counted and dropped.
const KEPT: usize = 64;
/// A server for errors that takes longer is no help now.
const SEND_WITHIN: Duration = Duration::from_secs(3);
/// What a stop waits for at most.
const END_WITHIN: Duration = Duration::from_secs(3);
/// A server that wants to be left alone, and does not say for how long, is.
const LEAVE_ALONE_FOR: Duration = Duration::from_secs(60);

/// Takes reports and never waits.
#[derive(Debug, Clone)]
pub(super) struct Mailbox {
    service: &'static str,
    reports: SyncSender<Report>,
}

impl Mailbox {
    pub(super) fn put(&self, report: Report) {
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) =
            self.reports.try_send(report)
        {
            count(self.service, "dropped");
        }
    }
}

/// Sends what is in the mailbox.
#[derive(Debug)]
pub(super) struct Sender {
    mailbox: Mailbox,
    stop: Option<SyncSender<()>>,
    /// In a lock only because a receiver cannot be shared, and a guard may be.
    ended: Mutex<Receiver<()>>,
}

impl Sender {
    pub(super) fn start(service: &'static str, dsn: Dsn) -> std::io::Result<Self> {
        let (reports, waiting) = sync_channel(KEPT);
        let (stop, stopped) = sync_channel(0);
        let (end, ended) = sync_channel::<()>(0);
        std::thread::Builder::new().name("errors".to_owned()).spawn(move || {
            send_all(service, &dsn, &waiting, &stopped);
            drop(end);
        })?;
        Ok(Self {
            mailbox: Mailbox { service, reports },
            stop: Some(stop),
            ended: Mutex::new(ended),
        })
    }

    pub(super) fn mailbox(&self) -> Mailbox {
        self.mailbox.clone()
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Ends by the thread's end, or is late: either way there is nothing more to be done.
        let ended = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = ended.recv_timeout(END_WITHIN);
    }
}

fn send_all(service: &'static str, dsn: &Dsn, waiting: &Receiver<Report>, stopped: &Receiver<()>) {
    // Refused when it is set already, which is as good.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let client = match Client::builder().timeout(SEND_WITHIN).build() {
        Ok(client) => client,
        Err(error) => return tracing::warn!(%error, "errors cannot be reported"),
    };
    let mut silent_until: Option<Instant> = None;
    loop {
        let is_stopping =
            matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected));
        let patience = if is_stopping { Duration::ZERO } else { Duration::from_millis(200) };
        let report = match waiting.recv_timeout(patience) {
            Ok(report) => report,
            Err(RecvTimeoutError::Timeout) if !is_stopping => continue,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        };
        if silent_until.is_some_and(|until| Instant::now() < until) {
            count(service, "dropped");
            continue;
        }
        silent_until = send(service, dsn, &client, report);
    }
}

/// Sends one report, and tells until when to send no other.
fn send(service: &'static str, dsn: &Dsn, client: &Client, report: Report) -> Option<Instant> {
    let auth =
        format!("Sentry sentry_version=7, sentry_client=saga-shop/1, sentry_key={}", dsn.key);
    let answer = client
        .post(dsn.url.clone())
        .header("x-sentry-auth", auth)
        .header("content-type", "application/x-sentry-envelope")
        .body(report.envelope())
        .send();
    let taken = answer.as_ref().is_ok_and(|answer| answer.status().is_success());
    count(service, if taken { "sent" } else { "lost" });
    let Ok(answer) = answer else { return None };
    if answer.status() != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let asked =
        answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Some(Instant::now() + asked.map_or(LEAVE_ALONE_FOR, Duration::from_secs))
}

fn count(service: &'static str, outcome: &'static str) {
    metrics::counter!("telemetry_errors_total", "service" => service, "outcome" => outcome)
        .increment(1);
}
