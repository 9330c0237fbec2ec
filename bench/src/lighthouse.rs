//! The storefront as a phone sees it: Lighthouse's scores page by page, and how many bytes come.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use xtask::browser::Tools;
use xtask::process::output_of;
use xtask::{console, workspace};

use crate::figure::{Figure, Goal};
use crate::statistics::Spread;

/// Of Lighthouse's hundred: speed varies with the machine, all else is ours.
const FAST: Goal = Goal::Min(95.0);
const FLAWLESS: Goal = Goal::Min(100.0);
/// In kilobytes, compressed; without pictures and goods.
const FIRST_VIEW: Goal = Goal::Max(150.0);
const FRAGMENT: Goal = Goal::Max(85.0);

/// What `bench/lighthouse/measure.mjs` prints: figures by name, each of all rounds.
#[derive(Debug, Deserialize)]
struct Measured {
    scores: BTreeMap<String, Vec<f64>>,
    bytes: BTreeMap<String, Vec<f64>>,
}

/// Visits five pages of a running shop, so many times each.
///
/// # Errors
/// When Node.js, Chromium or Lighthouse is missing and cannot be installed, or a visit fails.
pub fn figures(shop: &str, rounds: u16) -> Result<Vec<Figure>> {
    let folder = workspace::root().join("bench/lighthouse");
    let tools = Tools::ensure(&folder)?;
    console::progress("lighthouse", "five pages, as a phone sees them");
    let printed = output_of(&mut visit(&tools, folder.join("measure.mjs"), shop, rounds), None)?;
    let measured: Measured =
        serde_json::from_str(&printed).context("Lighthouse ended without figures")?;
    measured.figures()
}

fn visit(tools: &Tools, script: PathBuf, shop: &str, rounds: u16) -> Command {
    let mut node = Command::new(&tools.node);
    node.arg(script)
        .env("SHOP_URL", shop)
        .env("SHOP_CHROMIUM", &tools.chromium)
        .env("SHOP_BROWSER_PACKAGES", &tools.packages)
        .env("SHOP_ROUNDS", rounds.to_string());
    node
}

impl Measured {
    fn figures(self) -> Result<Vec<Figure>> {
        let scores = self.scores.into_iter().map(|(name, points)| {
            let goal = if name.ends_with("_performance") { FAST } else { FLAWLESS };
            figure(name, "points", points, goal)
        });
        let bytes = self.bytes.into_iter().map(|(name, bytes)| {
            let goal = if name == "first_view" { FIRST_VIEW } else { FRAGMENT };
            let kilobytes = bytes.into_iter().map(|bytes| bytes / 1000.0).collect();
            figure(format!("brotli_{name}"), "kB", kilobytes, goal)
        });
        scores.chain(bytes).collect()
    }
}

fn figure(name: String, unit: &'static str, values: Vec<f64>, goal: Goal) -> Result<Figure> {
    let spread = Spread::of(values).with_context(|| format!("no {name}"))?;
    Ok(Figure::new(name, unit, spread).with_goal(goal))
}

#[cfg(test)]
mod tests {
    use super::Measured;

    #[test]
    fn what_the_script_prints_becomes_figures_with_goals() {
        let printed = r#"{
            "scores": {"lighthouse_home_performance": [96, 94, 99], "lighthouse_home_seo": [100, 100, 92]},
            "bytes": {"first_view": [151000], "fragment_cart": [84000]}
        }"#;
        let measured: Measured = serde_json::from_str(printed).unwrap();

        let figures = measured.figures().unwrap();

        let told = figures.iter().map(|it| (it.name.as_str(), it.value, it.is_met()));
        let expected = [
            ("lighthouse_home_performance", 96.0, Some(true)),
            ("lighthouse_home_seo", 100.0, Some(true)),
            ("brotli_first_view", 151.0, Some(false)),
            ("brotli_fragment_cart", 84.0, Some(true)),
        ];
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }
}
