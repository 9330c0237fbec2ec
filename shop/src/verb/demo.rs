//! `shop demo`: the whole shop in one process.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use chassis::Process;
use chassis::config::{LogFormat, TelemetryConfig};
use identity::seed::DEMO;
use shop_kernel::ManualClock;
use storefront::front::Front;

use crate::demo::Demo;
use crate::home::Home;
use crate::past;

/// Runs the whole shop in this one process, with nothing else installed.
///
/// Every service listens on a port of its own; stores are SQLite files and the broker is embedded. What happened is
/// kept, and what was under way is finished at the next start. Ctrl-C stops it.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The port of the start page; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The folder to keep everything in.
    #[arg(long, default_value = ".shop/demo")]
    data: PathBuf,
    /// Delete what an earlier demo kept there first.
    #[arg(long)]
    fresh: bool,
    /// What `cargo shop ui` built; without it there is a plain start page.
    #[arg(long, env = "SHOP_UI", default_value = "target/ui")]
    ui: PathBuf,
    /// What to log: a level, or directives as info,sqlx=warn.
    #[arg(long, default_value = "error")]
    log: String,
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// When the port or the folder is taken, or a service does not start.
pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    // For all services at once; without it there would be neither logs nor trace ids.
    let telemetry = TelemetryConfig {
        log: options.log.clone(),
        format: LogFormat::Text,
        ..TelemetryConfig::default()
    };
    let process = Process::new("shop", env!("CARGO_PKG_VERSION"), option_env!("SHOP_COMMIT"));
    let _telemetry = chassis::telemetry::start_process(process, &telemetry)?;
    // First, so that a taken port is told before anything is started.
    let listener = Front::reserve(super::front::loopback(options.port))?;
    let home = Home::open(&options.data, options.fresh)?;
    let clock = Arc::new(ManualClock::default());

    if home.is_new() {
        clock.advance(-past::BEGAN);
    }
    let demo = Demo::start(&home, clock.clone(), &options.log).await?;
    let manifest = super::front::with_accounts(demo.manifest().clone());
    let front = Front::serve(listener, manifest, &options.ui)?;
    let url = format!("http://{}", front.address());
    let page = front.handle();

    let opening = async {
        if home.is_new() {
            println!("a new shop: playing three weeks of past orders …");
            past::play(&url, &clock).await?;
        }
        welcome(&url, &home, began);
        std::future::pending().await
    };
    // The services hear of Ctrl-C themselves and end in order; that ends the demo.
    let ended = tokio::select! {
        ended = demo.run() => ended,
        failed = opening => failed,
        ended = front.run() => ended.map_err(Into::into),
    };
    page.stop(true).await;
    ended.map(|()| ExitCode::SUCCESS)
}

fn welcome(url: &str, home: &Home, began: Instant) {
    println!("\nSaga Shop is open at {url}   (ready after {:.1?})", began.elapsed());
    println!("\n  accounts (addresses and passwords)");
    for account in DEMO {
        println!("    {:<10} {:<24} {}", account.name, account.email, account.password);
    }
    println!("\n  try this, from another terminal");
    let at = if url.ends_with(":8080") { String::new() } else { format!(" --url {url}") };
    println!("    cargo shop tour{at}     ten ways an order can end, played and checked");
    println!("    cargo shop audit{at}    what must be true when all is quiet");
    println!("    curl {url}/.well-known/shop.json   where every service is");
    println!("\n  everything is kept in {}; Ctrl-C stops the shop\n", home.folder().display());
}
