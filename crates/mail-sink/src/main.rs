//! The mail sink as a process. See the crate's README.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser;
use mail_sink::{Sink, web};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// Keeps every mail it is sent and shows them on a web page.
#[derive(Debug, Parser)]
struct Args {
    /// Address to take mails on.
    #[arg(long, default_value = "127.0.0.1:2525")]
    smtp: SocketAddr,
    /// Address of the web page and of /api/messages.
    #[arg(long, default_value = "127.0.0.1:8025")]
    http: SocketAddr,
    /// Folder to keep the mails in; without it they are gone when the process ends.
    #[arg(long)]
    dir: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let mut terminate = signal(SignalKind::terminate())?;
    let sink = Sink::start(args.smtp, args.dir)
        .await
        .with_context(|| format!("could not take mails on {}", args.smtp))?;
    let listener = TcpListener::bind(args.http)
        .await
        .with_context(|| format!("could not listen on {}", args.http))?;
    eprintln!("mails to smtp://{}, shown on http://{}", sink.addr(), listener.local_addr()?);

    tokio::select! {
        served = web::serve(listener, Arc::new(sink)) => served.context("the web page failed"),
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}
