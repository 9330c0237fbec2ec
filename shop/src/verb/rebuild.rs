//! `shop rebuild`: fills a fresh read model from the producers' feeds while the old one serves.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::Api;
use crate::operator::{self, Credentials};

/// Rebuilds the read model from the producers' feeds.
///
/// The documents there are go on serving until the new ones are complete; live messages go to both. Shows progress, and
/// ends with 0 when the new ones serve. Interrupting it does not interrupt the rebuild.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the shop is.
    #[arg(long, env = "SHOP_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    operator: Credentials,
}

/// Rebuilds, and prints how far it is.
///
/// # Errors
/// When the shop does not answer or refuses.
pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let api = Api::find(&options.url).await?;
    let token = operator::sign_in(&api, &options.operator).await?;
    let nothing = json!({});
    let begun = api.send(Method::POST, "order-history", "/ops/rebuild", Some(&token), &nothing);
    let mut standing = begun.await?.ok().context("cannot begin a rebuild")?;
    let mut shown = String::new();
    loop {
        let rebuild = &standing["rebuild"];
        let line = progress(rebuild);
        if line != shown {
            println!("{line}");
            shown = line;
        }
        match rebuild["phase"].as_str() {
            Some("done") => {
                println!("the new documents serve: {}", standing["documents"]);
                return Ok(ExitCode::SUCCESS);
            }
            Some("failed") => return Ok(ExitCode::FAILURE),
            _ => tokio::time::sleep(Duration::from_millis(200)).await,
        }
        let asked = api.get("order-history", "/ops/rebuild", Some(&token)).await?;
        standing = asked.ok()?;
    }
}

fn progress(rebuild: &Value) -> String {
    let parts: Vec<_> = rebuild
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| value.is_number() || value.is_string())
        .map(|(name, value)| format!("{name} {}", value.to_string().trim_matches('"')))
        .collect();
    parts.join(", ")
}
