//! `shop tour`: plays the rows of the saga's table as a customer would, and checks each ending.

mod expected;
mod follow;
mod rows;
mod stage;

use std::process::ExitCode;

use serde::Serialize;

use crate::api::Api;
use crate::operator::{self, Credentials};
use follow::Step;
use stage::Stage;

/// Plays ten ways an order can end, and checks each.
///
/// Places real orders in a running shop, prints each order's timeline as it happens, and compares how it ended with how
/// it must end: order, money, stock and mails. Takes about a minute, half of it waiting for one order to time out. Rows
/// 5 and 6 take the payment provider down and put it back as it was. Ends with 0 only if every row came out right.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where the shop is.
    #[arg(long, env = "SHOP_URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    #[command(flatten)]
    operator: Credentials,
    /// Play only these rows, as `--rows 1,3`.
    #[arg(long, value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=10))]
    rows: Vec<u8>,
    /// Print JSON, at the end.
    #[arg(long)]
    json: bool,
}

/// How one scene of a row came out.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The row of the table.
    pub row: u8,
    /// What happens in it.
    pub scene: &'static str,
    /// The order it was played with.
    pub order: Option<shop_kernel::OrderId>,
    /// How it ended, in words.
    pub ending: String,
    /// What came out otherwise than it must.
    pub problems: Vec<String>,
    /// What happened, as the read model showed it.
    pub timeline: Vec<Step>,
}

/// Plays the rows, and prints what happens.
///
/// # Errors
/// When there is no shop to play in; a row that goes wrong is no error but a problem of that row.
pub async fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let api = Api::find(&options.url).await?;
    let operator = operator::sign_in(&api, &options.operator).await?;
    let stage = Stage::set(&api, operator, options.json).await?;

    let mode = stage.provider_mode().await?;
    let outcomes = rows::play(&stage, &options.rows).await;
    stage.set_provider_mode(&mode).await?;

    let failed = outcomes.iter().filter(|outcome| !outcome.problems.is_empty()).count();
    if options.json {
        let report = serde_json::json!({ "passed": failed == 0, "rows": outcomes });
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        summarize(&outcomes);
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn summarize(outcomes: &[Outcome]) {
    println!("\nrow  verdict  what happened");
    for outcome in outcomes {
        let verdict = if outcome.problems.is_empty() { "✓ right" } else { "✗ WRONG" };
        println!("{:>3}  {verdict}  {}: {}", outcome.row, outcome.scene, outcome.ending);
        for problem in &outcome.problems {
            println!("              {problem}");
        }
    }
    println!("\nRow 11 (kills, duplicates, outages) is played by `cargo shop test`.");
}
