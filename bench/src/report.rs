//! The outcome of a run: as JSON for machines, as a table for people.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

use crate::figure::{Figure, Goal};
use crate::machine::Machine;

/// All that was measured, and where.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// What it was measured on.
    pub machine: Machine,
    /// What was asked for.
    pub command: String,
    /// What came out.
    pub figures: Vec<Figure>,
}

impl Report {
    /// Whether no goal is missed.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.figures.iter().all(|figure| figure.is_met() != Some(false))
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(file, text).with_context(|| format!("could not write {}", file.display()))
    }

    /// A line for each figure, below a line of headings.
    #[must_use]
    pub fn table(&self) -> String {
        let mut rows = vec![["figure", "median", "spread", "goal", ""].map(str::to_owned)];
        rows.extend(self.figures.iter().map(row));
        let width =
            |column: usize| rows.iter().map(|row| length(row, column)).max().unwrap_or_default();
        let [name, median, spread, goal] = [0, 1, 2, 3].map(width);
        let mut table = String::new();
        for [a, b, c, d, e] in &rows {
            let line = format!("{a:<name$}  {b:>median$}  {c:>spread$}  {d:<goal$}  {e}");
            table.push_str(line.trim_end());
            table.push('\n');
        }
        table
    }
}

fn length(row: &[String; 5], column: usize) -> usize {
    row.get(column).map(|cell| cell.chars().count()).unwrap_or_default()
}

fn row(figure: &Figure) -> [String; 5] {
    let digits = if figure.unit == "s" || figure.value < 1.0 {
        3
    } else if figure.value < 100.0 {
        1
    } else {
        0
    };
    let mut median = format!("{:.digits$} {}", figure.value, figure.unit);
    if let (Some(yardstick), Some(ratio)) = (figure.yardstick, figure.ratio) {
        median = format!("{median} = {ratio:.2} of {yardstick:.0}");
    }
    let goal = match figure.goal {
        Some(Goal::Min(least)) => format!("at least {least}"),
        Some(Goal::Max(most)) => format!("at most {most}"),
        None => String::new(),
    };
    let verdict = match figure.is_met() {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "",
    };
    let spread = format!("{:.digits$} - {:.digits$}", figure.min, figure.max);
    [figure.name.clone(), median, spread, goal, verdict.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::figure::{Figure, Goal};
    use crate::machine::Machine;
    use crate::statistics::Spread;

    #[test]
    fn one_missed_goal_fails_the_report() {
        let fast = figure("fast", 10.0).with_goal(Goal::Max(15.0));
        let slow = figure("slow", 16.0).with_goal(Goal::Max(15.0));

        assert!(report(vec![fast.clone(), figure("just so", 99.0)]).is_met());
        assert!(!report(vec![fast, slow]).is_met());
    }

    #[test]
    fn the_table_tells_value_spread_goal_and_verdict() {
        let orders = Figure::new(
            "orders_accepted_per_second",
            "orders/s",
            Spread { median: 2000.0, min: 1900.0, max: 2100.0 },
        );
        let orders = orders.beside(5000.0, 0.4).with_goal(Goal::Min(0.5));

        let table = report(vec![orders, figure("latency", 10.25)]).table();

        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines[1],
            "orders_accepted_per_second  2000 orders/s = 0.40 of 5000  1900 - 2100  at least 0.5  MISSED"
        );
        assert!(lines[2].ends_with("10.2 ms   9.0 - 12.0"), "{table}");
    }

    fn figure(name: &str, value: f64) -> Figure {
        Figure::new(name, "ms", Spread { median: value, min: 9.0, max: 12.0 })
    }

    fn report(figures: Vec<Figure>) -> Report {
        let machine = Machine::default();
        Report { machine, command: "cargo shop bench".to_owned(), figures }
    }
}
