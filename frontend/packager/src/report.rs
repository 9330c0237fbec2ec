//! Sizes as they travel, held against what was promised.

use crate::asset::Asset;
use crate::bundle::Bundle;
use crate::manifest::Manifest;

/// Brotli bytes of the first view of home, pictures aside; storefront.md promises it.
const FIRST_VIEW: usize = 150_000;
const HOME: &str = "/";

/// What a run found out.
#[derive(Debug, Default)]
pub(crate) struct Report {
    page: usize,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    package: String,
    serves_every_page: bool,
    raw: usize,
    brotli: usize,
    budget: usize,
}

impl Report {
    pub(crate) fn page(&mut self, asset: &Asset) {
        self.page += asset.brotli;
    }

    pub(crate) fn bundle(&mut self, bundle: &Bundle, js: &Asset, wasm: &Asset) {
        self.lines.push(Line {
            package: bundle.package.clone(),
            serves_every_page: bundle.tag.is_none() || bundle.routes.contains_key(HOME),
            raw: wasm.raw,
            brotli: js.brotli + wasm.brotli,
            budget: bundle.budget * 1000,
        });
    }

    /// One line per bundle, and the first view when all of it was packed.
    pub(crate) fn print(&self, manifest: &Manifest) {
        for line in &self.lines {
            say(&line.package, &verdict(line.brotli, line.budget, line.raw));
        }
        let first: Vec<_> = self.lines.iter().filter(|line| line.serves_every_page).collect();
        if first.len() == 2 {
            let list = serde_json::to_vec(manifest).map_or(0, |json| json.len());
            let total = self.page + list + first.iter().map(|line| line.brotli).sum::<usize>();
            say("first view", &verdict(total, FIRST_VIEW, 0));
        }
    }
}

fn verdict(brotli: usize, budget: usize, raw: usize) -> String {
    let over = if brotli > budget { ", MORE THAN ITS BUDGET" } else { "" };
    let raw = if raw > 0 { format!("; {} KB of wasm", raw.div_ceil(1000)) } else { String::new() };
    let kb = brotli.div_ceil(1000);
    format!("{kb} KB by brotli, budget {}{over}{raw}", budget / 1000)
}

/// As `cargo shop` shows its progress, on stderr.
fn say(who: &str, what: &str) {
    eprintln!("{who:>16}  {what}");
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn more_than_the_budget_is_told() {
        assert_eq!(verdict(84_001, 85_000, 0), "85 KB by brotli, budget 85");
        assert!(verdict(85_001, 85_000, 400_000).contains("MORE THAN ITS BUDGET"));
    }
}
