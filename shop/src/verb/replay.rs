//! `shop replay`: puts dead letters back into their queues.

use std::process::ExitCode;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::operator::{self, Credentials};

/// Puts dead letters back into their queues, as first attempts.
///
/// Prints each with its reason first. Ends with 0 when none is left behind in a dead letter queue that was asked for.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the shop is.
    #[arg(long, env = "SHOP_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    operator: Credentials,
    /// Only this queue, as payment.orders; all when absent.
    #[arg(long)]
    queue: Option<String>,
    /// Only show them.
    #[arg(long)]
    list: bool,
}

/// Those with queues.
const CONSUMERS: [&str; 5] = ["order", "payment", "catalog", "email", "order-history"];

/// Replays, and prints what it does.
///
/// # Errors
/// When the shop or one of its services does not answer.
pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let api = Api::find(&options.url).await?;
    let token = operator::sign_in(&api, &options.operator).await?;
    let (mut found, mut replayed, mut is_known) = (0, 0, options.queue.is_none());
    for service in CONSUMERS {
        for queue in queues(&api, &token, service).await? {
            if options.queue.as_ref().is_some_and(|only| *only != queue) {
                continue;
            }
            is_known = true;
            let listed = letters(&api, &token, service, &queue).await?;
            for letter in &listed {
                let kind = letter["body"]["type"].as_str().unwrap_or("no envelope");
                println!("{queue}  {}  {kind}  {}", letter["message_id"], letter["reason"]);
            }
            found += listed.len() as u64;
            if !listed.is_empty() && !options.list {
                let path = format!("/ops/dead-letters/{queue}/replay");
                let done =
                    api.send(Method::POST, service, &path, Some(&token), &json!({})).await?.ok()?;
                replayed += done["replayed"].as_u64().context("no count of replayed messages")?;
            }
        }
    }
    anyhow::ensure!(is_known, "the shop has no queue {}", options.queue.as_deref().unwrap_or(""));
    if options.list {
        println!("{found} dead letters");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{replayed} of {found} dead letters are back in their queues");
    Ok(if replayed >= found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn queues(api: &Api, token: &str, service: &str) -> anyhow::Result<Vec<String>> {
    let backlog = api.get(service, "/ops/backlog", Some(token)).await?.ok()?;
    let queues = backlog["queues"].as_array().context("a backlog without queues")?;
    queues.iter().map(|queue| Ok(text(queue, "/name")?.to_owned())).collect()
}

async fn letters(api: &Api, token: &str, service: &str, queue: &str) -> anyhow::Result<Vec<Value>> {
    let path = format!("/ops/dead-letters?queue={queue}");
    let page = api.get(service, &path, Some(token)).await?.ok()?;
    Ok(page["items"].as_array().cloned().unwrap_or_default())
}
