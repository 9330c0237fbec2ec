//! `shop snapshot`: takes snapshots of long event streams, as a nightly job does.

use std::process::ExitCode;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::json;

use crate::api::Api;
use crate::operator::{self, Credentials};

/// Takes a snapshot of every order and cart whose stream has grown.
///
/// Meant for the night: reading an order then never folds more than a few events. Taking one twice does no harm.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the shop is.
    #[arg(long, env = "SHOP_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    operator: Credentials,
    /// Only streams that grew by so many events since their last snapshot.
    #[arg(long, default_value_t = 10)]
    min_events: u64,
}

/// Takes the snapshots, and prints how many.
///
/// # Errors
/// When the shop does not answer or refuses.
pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let api = Api::find(&options.url).await?;
    let token = operator::sign_in(&api, &options.operator).await?;
    let path = format!("/ops/snapshot?min_events={}", options.min_events);
    let taken = api.send(Method::POST, "order", &path, Some(&token), &json!({})).await?.ok()?;
    let count = taken["taken"].as_u64().context("order tells no count of snapshots")?;
    println!("{count} snapshots taken");
    Ok(ExitCode::SUCCESS)
}
