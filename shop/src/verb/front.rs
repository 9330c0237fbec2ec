//! `shop front`: the start page of a shop whose services run elsewhere.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::front::Front;
use crate::manifest::Manifest;

/// Serves the start page and /.well-known/shop.json of a shop that runs as several processes.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The port of the start page.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A JSON file that tells where each service is.
    #[arg(long)]
    manifest: PathBuf,
    /// What `cargo shop ui` built; without it there is a plain start page.
    #[arg(long, env = "SHOP_UI", default_value = "target/ui")]
    ui: PathBuf,
}

/// Serves until told to stop.
///
/// # Errors
/// When the file cannot be read or the port is taken.
pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let path = &options.manifest;
    let text = tokio::fs::read_to_string(path).await;
    let text = text.with_context(|| format!("cannot read {}", path.display()))?;
    let manifest: Manifest = serde_json::from_str(&text)
        .with_context(|| format!("{} is no manifest", path.display()))?;
    let front = Front::serve(Front::reserve(loopback(options.port))?, manifest, &options.ui)?;
    println!("the start page is at http://{}", front.address());
    crate::front::until_stopped(front).await?;
    Ok(ExitCode::SUCCESS)
}

/// The shop is for this machine only: nothing here is meant for a network.
pub(super) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
