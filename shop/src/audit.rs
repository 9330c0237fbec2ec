//! `shop audit`: what must be true of a shop when all is quiet.

pub mod books;
pub mod invariants;
mod quiet;
mod read;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::operator::{self, Credentials};
use invariants::Verdict;

/// A message that waits for its next attempt, or for a consumer that pauses, is in nobody's figures.
/// What does not hold yet is looked at again for longer than the longest such wait, half a minute.
const LOOK_AGAIN_FOR: Duration = Duration::from_secs(40);
const LOOK_AGAIN_EVERY: Duration = Duration::from_secs(1);

/// Checks the seven invariants of a running shop.
///
/// Waits until outboxes, queues, due work and open orders are settled, then reads what every service says it has, the
/// payment provider's own ledger included, and compares. Ends with 0 when all hold, with 1 when one does not, and with
/// 2 when the shop could not be read.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the shop is.
    #[arg(long, env = "SHOP_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    operator: Credentials,
    /// How long to wait for the shop to be quiet, in seconds.
    #[arg(long, default_value_t = 120)]
    patience: u64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Audits the shop, and prints what was found.
///
/// # Errors
/// When the shop does not become quiet or cannot be read.
pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let api = Api::find(&options.url).await?;
    let token = operator::sign_in(&api, &options.operator).await?;
    if !options.json {
        eprintln!("waiting for the shop to be quiet …");
    }
    let patience = Duration::from_secs(options.patience);
    let verdicts = audit(&api, &token, patience).await?;
    let holds = verdicts.iter().all(Verdict::holds);
    if options.json {
        let report = serde_json::json!({ "holds": holds, "invariants": verdicts });
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print(&verdicts);
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Waits for the shop to be quiet and checks everything.
///
/// # Errors
/// When it does not become quiet within `patience`, or cannot be read.
pub async fn audit(api: &Api, token: &str, patience: Duration) -> anyhow::Result<Vec<Verdict>> {
    quiet::until_quiet(api, token, patience).await?;
    let began = Instant::now();
    loop {
        let verdicts = invariants::check(&read::books(api, token).await?);
        if verdicts.iter().all(Verdict::holds) || began.elapsed() > LOOK_AGAIN_FOR {
            return Ok(verdicts);
        }
        tokio::time::sleep(LOOK_AGAIN_EVERY).await;
        quiet::until_quiet(api, token, patience).await?;
    }
}

fn print(verdicts: &[Verdict]) {
    for verdict in verdicts {
        let mark = if verdict.holds() { "✓" } else { "✗" };
        println!("{mark} {}. {}", verdict.number, verdict.invariant);
        let counts: Vec<_> =
            verdict.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        if !counts.is_empty() {
            println!("     {}", counts.join(", "));
        }
        for note in &verdict.noted {
            println!("     noted: {note}");
        }
        for violation in &verdict.violations {
            println!("     VIOLATED: {violation}");
        }
    }
    let broken = verdicts.iter().filter(|verdict| !verdict.holds()).count();
    match broken {
        0 => println!("\nEverything adds up."),
        1 => println!("\nOne invariant does not hold."),
        many => println!("\n{many} invariants do not hold."),
    }
}
