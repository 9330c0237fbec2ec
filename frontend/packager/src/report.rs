//! Sizes as they travel, held against what was promised.

use crate::asset::Asset;
use crate::budget::{Budget, FIRST_VIEW};
use crate::bundle::Bundle;

const HOME: &str = "/";

/// What a run found out.
#[derive(Debug, Default)]
pub(crate) struct Report {
    page: usize,
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    name: String,
    is_on_home: bool,
    raw: usize,
    brotli: usize,
    budget: Budget,
}

impl Report {
    /// Of what every page loads.
    pub(crate) fn page(&mut self, brotli: usize) {
        self.page += brotli;
    }

    pub(crate) fn bundle(&mut self, bundle: &Bundle, js: &Asset, wasm: &Asset) {
        self.lines.push(Line {
            name: bundle.package.clone(),
            is_on_home: bundle.tag.is_none() || bundle.routes.contains_key(HOME),
            raw: wasm.raw,
            brotli: js.brotli + wasm.brotli,
            budget: Budget::for_bundle(bundle.tag.as_deref()),
        });
    }

    /// One line per bundle, and the first view when all of it was packed. Returns whether all are small
    /// enough.
    pub(crate) fn print(mut self) -> bool {
        let on_home: Vec<_> = self.lines.iter().filter(|line| line.is_on_home).collect();
        if on_home.len() == 2 {
            let sum =
                |part: fn(&Line) -> usize| on_home.iter().map(|line| part(line)).sum::<usize>();
            let first_view = Line {
                name: "first view".to_owned(),
                is_on_home: true,
                raw: sum(|line| line.raw),
                brotli: self.page + sum(|line| line.brotli),
                budget: FIRST_VIEW,
            };
            self.lines.push(first_view);
        }
        for Line { name, raw, brotli, budget, .. } in &self.lines {
            let raw = raw.div_ceil(1000);
            // As `cargo shop` shows its progress, on stderr.
            eprintln!("{name:>16}  {}; {raw} KB of wasm", budget.verdict(*brotli));
        }
        self.lines.iter().all(|line| line.budget.is_held(line.brotli))
    }
}
