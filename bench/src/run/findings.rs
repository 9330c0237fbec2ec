//! What a run found, as figures with their goals.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use crate::figure::{Figure, Goal};
use crate::rounds::Round;
use crate::statistics::{Sample, Spread};

/// Of the yardstick.
const LEAST_SHARE: Goal = Goal::Min(0.5);
/// Of reading an order directly.
const LEAST_OF_A_READ: Goal = Goal::Min(0.4);
/// In milliseconds, at p50.
const CONFIRMED_WITHIN: Goal = Goal::Max(15.0);
const VISIBLE_WITHIN: Goal = Goal::Max(25.0);
/// In milliseconds of processor time per order.
const LEAST_WORTH_TELLING: f64 = 0.05;
/// In MiB, of each process.
const MOST_MEMORY: Goal = Goal::Max(30.0);
/// In seconds, of each process.
const READY_WITHIN: Goal = Goal::Max(0.5);

/// A latency of each round.
type LatencyOf = fn(&Round) -> &Sample;

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Findings {
    /// Round by round.
    pub(super) rounds: Vec<Round>,
    /// MiB by process, before the first round.
    pub(super) idle: BTreeMap<String, f64>,
    /// MiB by process, after the last round.
    pub(super) loaded: BTreeMap<String, f64>,
    /// Seconds by process, start by start.
    pub(super) starts: BTreeMap<String, Vec<f64>>,
}

impl Findings {
    /// Everything as figures.
    ///
    /// # Errors
    /// When something was not measured at all.
    pub(super) fn figures(&self) -> Result<Vec<Figure>> {
        let mut figures = self.rates()?;
        figures.extend(self.latencies()?);
        figures.extend(self.processors()?);
        for (when, memory) in [("idle", &self.idle), ("after_load", &self.loaded)] {
            for (process, mib) in memory {
                figures.push(by_process(
                    &format!("memory_{when}"),
                    process,
                    "MiB",
                    [*mib],
                    MOST_MEMORY,
                )?);
            }
        }
        for (process, seconds) in &self.starts {
            let seconds = seconds.iter().copied();
            figures.push(by_process("start_to_ready", process, "s", seconds, READY_WITHIN)?);
        }
        Ok(figures)
    }

    /// What was done per second.
    fn rates(&self) -> Result<Vec<Figure>> {
        let yardstick = self.spread(|round| Some(round.yardstick))?.median;
        let ratio = self.spread(|round| Some(round.accepted_per_second / round.yardstick))?.median;
        let accepted = self.spread(|round| Some(round.accepted_per_second))?;
        let alone = self.spread(|round| Some(round.accepted_alone_per_second))?;
        let alone_ratio =
            self.spread(|round| Some(round.accepted_alone_per_second / round.yardstick))?.median;
        let confirmed = self.spread(|round| Some(round.confirmed_per_second))?;
        let mut figures = vec![
            Figure::new("orders_accepted_alone_per_second", "orders/s", alone)
                .beside(yardstick, alone_ratio)
                .with_goal(LEAST_SHARE),
            Figure::new("orders_accepted_per_second", "orders/s", accepted)
                .beside(yardstick, ratio)
                .with_goal(LEAST_SHARE),
            Figure::new("orders_confirmed_per_second", "orders/s", confirmed),
        ];
        let bff = self.spread(|round| Some(round.storefront_per_second))?;
        figures.push(Figure::new("bff_checkouts_per_second", "orders/s", bff));
        let direct = self.spread(|round| Some(round.reads.direct))?.median;
        let share = self.spread(|round| Some(round.reads.bff / round.reads.direct))?.median;
        let reads = Figure::new(
            "bff_order_reads_per_second",
            "reads/s",
            self.spread(|round| Some(round.reads.bff))?,
        );
        figures.push(reads.beside(direct, share).with_goal(LEAST_OF_A_READ));
        Ok(figures)
    }

    /// How long it took.
    fn latencies(&self) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        let latencies: [(&str, LatencyOf, Option<Goal>); 7] = [
            ("answered_at_16_clients", |round| &round.burst_answered_in, None),
            ("arrived_to_accepted", |round| &round.paced.accepted_in, None),
            ("accepted_to_confirmed", |round| &round.paced.confirmed_in, Some(CONFIRMED_WITHIN)),
            ("accepted_to_visible", |round| &round.paced.visible_in, Some(VISIBLE_WITHIN)),
            ("light_arrived_to_accepted", |round| &round.light.accepted_in, None),
            ("light_accepted_to_confirmed", |round| &round.light.confirmed_in, None),
            ("light_accepted_to_visible", |round| &round.light.visible_in, None),
        ];
        for (name, sample, goal) in latencies {
            let [p50, p99] = [50, 99].map(|percent| {
                let spread = self.spread(|round| sample(round).percentile(percent))?;
                anyhow::Ok(Figure::new(format!("{name}_p{percent}"), "ms", spread))
            });
            let p50 = p50?;
            figures.push(goal.map_or(p50.clone(), |goal| p50.with_goal(goal)));
            figures.push(p99?);
        }
        Ok(figures)
    }

    /// Who took the processors for it.
    fn processors(&self) -> Result<Vec<Figure>> {
        let mut figures = Vec::new();
        let programs = self.rounds.first().map(|round| round.processor_ms.keys());
        for program in programs.into_iter().flatten() {
            let spent = |round: &Round| round.processor_ms.get(program).copied();
            let spent = self.spread(|round| Some(spent(round).unwrap_or_default()))?;
            if spent.median < LEAST_WORTH_TELLING {
                continue;
            }
            let name = format!("processor_per_order_{}", program.replace(['-', '.'], "_"));
            figures.push(Figure::new(name, "ms", spent));
        }
        Ok(figures)
    }

    fn spread(&self, of: impl Fn(&Round) -> Option<f64>) -> Result<Spread> {
        let values: Option<Vec<f64>> = self.rounds.iter().map(of).collect();
        values.and_then(Spread::of).context("nothing was measured")
    }
}

fn by_process(
    what: &str,
    process: &str,
    unit: &'static str,
    values: impl IntoIterator<Item = f64>,
    goal: Goal,
) -> Result<Figure> {
    let spread = Spread::of(values).with_context(|| format!("{what} of {process}"))?;
    let name = format!("{what}_{}", process.replace('-', "_"));
    Ok(Figure::new(name, unit, spread).with_goal(goal))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Findings;
    use crate::rounds::{Delays, Round};
    use crate::statistics::Sample;
    use crate::storefront::Reads;

    #[test]
    fn the_ratio_is_the_median_of_the_rounds_own_ratios() {
        let findings = findings([(1000.0, 2000.0), (3000.0, 4000.0), (2000.0, 8000.0)]);

        let figures = findings.figures().unwrap();

        let orders = &figures[1];
        assert_eq!((orders.value, orders.min, orders.max), (2000.0, 1000.0, 3000.0));
        assert_eq!((orders.yardstick, orders.ratio), (Some(4000.0), Some(0.5)));
        assert_eq!(orders.is_met(), Some(true));
    }

    #[test]
    fn only_the_median_latency_has_a_goal() {
        let figures = findings([(1.0, 1.0)]).figures().unwrap();

        let goal_of = |name: &str| {
            let figure = figures.iter().find(|figure| figure.name == name).unwrap();
            figure.is_met()
        };
        assert_eq!(goal_of("accepted_to_confirmed_p50"), Some(true));
        assert_eq!(goal_of("accepted_to_visible_p50"), Some(false));
        assert_eq!(goal_of("accepted_to_visible_p99"), None);
    }

    #[test]
    fn every_process_has_its_own_figures() {
        let figures = findings([(1.0, 1.0)]).figures().unwrap();

        let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
        for name in [
            "memory_idle_order_history",
            "memory_after_load_order_history",
            "start_to_ready_order_history",
        ] {
            assert!(names.contains(&name), "{names:?}");
        }
    }

    fn findings<const N: usize>(rates: [(f64, f64); N]) -> Findings {
        let round = |(accepted_per_second, yardstick)| Round {
            accepted_per_second,
            accepted_alone_per_second: 5000.0,
            processor_ms: BTreeMap::from([("order".to_owned(), 2.5)]),
            yardstick,
            confirmed_per_second: 500.0,
            burst_answered_in: Sample::of([5000]),
            storefront_per_second: 400.0,
            reads: Reads { bff: 900.0, direct: 1000.0 },
            paced: Delays {
                accepted_in: Sample::of([2000]),
                confirmed_in: Sample::of([8000]),
                visible_in: Sample::of([26_000]),
            },
            light: Delays {
                accepted_in: Sample::of([1000]),
                confirmed_in: Sample::of([7000]),
                visible_in: Sample::of([9000]),
            },
        };
        let history = |value| BTreeMap::from([("order-history".to_owned(), value)]);
        Findings {
            rounds: rates.map(round).to_vec(),
            idle: history(12.0),
            loaded: history(14.0),
            starts: BTreeMap::from([("order-history".to_owned(), vec![0.3, 0.2, 0.4])]),
        }
    }
}
