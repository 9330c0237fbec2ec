//! `shop front`: the start page of a shop whose services run elsewhere.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use identity::seed::DEMO;
use storefront::front::{self, Front};
use storefront::manifest::{Account, Manifest};

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
    let manifest = with_accounts(Manifest::read(&options.manifest)?);
    let front = Front::serve(Front::reserve(loopback(options.port))?, manifest, &options.ui)?;
    println!("the start page is at http://{}", front.address());
    front::until_stopped(front).await?;
    Ok(ExitCode::SUCCESS)
}

/// Tells who one may be, too: this server is for demonstrations.
pub(super) fn with_accounts(manifest: Manifest) -> Manifest {
    let accounts = DEMO.map(|account| Account {
        name: account.name.to_owned(),
        email: account.email.to_owned(),
        password: account.password.to_owned(),
        locale: account.locale,
        operator: account.is_operator,
    });
    Manifest { accounts: accounts.into(), ..manifest }
}

/// The shop is for this machine only: nothing here is meant for a network.
pub(super) fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
