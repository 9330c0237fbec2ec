//! The shop in one process, and the verbs against a running one. See the crate's README.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Saga Shop: the demo, and what one can do with a running shop.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, bin_name = "cargo shop")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(shop::verb::demo::Options),
    Front(shop::verb::front::Options),
    Tour(shop::tour::Options),
    Audit(shop::audit::Options),
    Replay(shop::verb::replay::Options),
    Rebuild(shop::verb::rebuild::Options),
    Snapshot(shop::verb::snapshot::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let ended = match Cli::parse().verb {
        Verb::Demo(options) => shop::verb::demo::run(options).await,
        Verb::Front(options) => shop::verb::front::run(options).await,
        Verb::Tour(options) => shop::tour::run(&options).await,
        Verb::Audit(options) => shop::audit::run(&options).await,
        Verb::Replay(options) => shop::verb::replay::run(&options).await,
        Verb::Rebuild(options) => shop::verb::rebuild::run(&options).await,
        Verb::Snapshot(options) => shop::verb::snapshot::run(&options).await,
    };
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        // 1 is for what was asked and found wanting; this could not be asked.
        ExitCode::from(2)
    })
}
