//! The running SMTP server and what its owner may ask of it.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::mailbox::Mailbox;
use crate::message::Message;
use crate::session;

/// A mail server on a local port that keeps every mail it accepts.
///
/// It stops listening when it is dropped.
#[derive(Debug)]
pub struct Sink {
    addr: SocketAddr,
    office: Arc<Office>,
    _stop: DropGuard,
}

/// What all conversations of one server share.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) mailbox: Mailbox,
    refusal: AtomicU16,
}

impl Sink {
    /// Listens on `addr` (port 0 picks a free one) and answers from now on.
    ///
    /// With a folder, each mail is also written there as an `.eml` file, and the mails of
    /// earlier runs are shown again.
    pub async fn start(addr: SocketAddr, dir: Option<PathBuf>) -> io::Result<Self> {
        let mailbox = Mailbox::open(dir)?;
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let office = Arc::new(Office { mailbox, refusal: AtomicU16::new(0) });

        let stop = CancellationToken::new();
        TaskTracker::new().spawn(accept(listener, Arc::clone(&office), stop.clone()));
        Ok(Self { addr, office, _stop: stop.drop_guard() })
    }

    /// The address to send mails to.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The mails kept, oldest first.
    pub fn mails(&self) -> Vec<Message> {
        self.office.mailbox.all()
    }

    /// Answers every recipient with this SMTP code from now on (450 try later, 550 never), or
    /// with `None` accepts them again.
    pub fn set_refusing(&self, code: Option<u16>) {
        self.office.refusal.store(code.unwrap_or(0), Ordering::Relaxed);
    }

    pub(crate) fn find(&self, number: u64) -> Option<Message> {
        self.office.mailbox.find(number)
    }
}

impl Office {
    /// The code to refuse recipients with, if there is one.
    pub(crate) fn refusal(&self) -> Option<u16> {
        match self.refusal.load(Ordering::Relaxed) {
            0 => None,
            code => Some(code),
        }
    }
}

/// Takes connections until told to stop; open conversations end with it.
async fn accept(listener: TcpListener, office: Arc<Office>, stop: CancellationToken) {
    let conversations = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (office, stop) = (Arc::clone(&office), stop.clone());
                conversations.spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        // A caller who hangs up in mid-sentence is his own affair.
                        _ = session::hold(stream, &office) => {}
                    }
                });
            }
            // Out of file descriptors, most likely: they come back, a busy loop does not help.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
