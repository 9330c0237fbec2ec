//! A figure: what was measured, how far it varied, and whether that is good enough.

use serde::Serialize;

use crate::statistics::Spread;

/// Something that was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Stays the same from run to run.
    pub name: String,
    /// Of `value`, `min`, `max` and `yardstick`.
    pub unit: &'static str,
    /// The median.
    pub value: f64,
    /// The lowest of all rounds.
    pub min: f64,
    /// The highest of all rounds.
    pub max: f64,
    /// The median of what the machine itself could do in the same rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yardstick: Option<f64>,
    /// The median of the rounds' own ratios of value to yardstick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// What is good enough: of the ratio where there is one, else of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
}

/// What is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Goal {
    /// As much or more.
    Min(f64),
    /// As much or less.
    Max(f64),
}

impl Figure {
    /// A figure without a goal.
    #[must_use]
    pub fn new(name: impl Into<String>, unit: &'static str, spread: Spread) -> Self {
        Self {
            name: name.into(),
            unit,
            value: rounded(spread.median),
            min: rounded(spread.min),
            max: rounded(spread.max),
            yardstick: None,
            ratio: None,
            goal: None,
        }
    }

    /// The same with a goal.
    #[must_use]
    pub fn with_goal(self, goal: Goal) -> Self {
        Self { goal: Some(goal), ..self }
    }

    /// The same beside a yardstick; a goal is then one of the ratio.
    #[must_use]
    pub fn beside(self, yardstick: f64, ratio: f64) -> Self {
        Self { yardstick: Some(rounded(yardstick)), ratio: Some(rounded(ratio)), ..self }
    }

    /// Whether the goal is met; nothing where there is none.
    #[must_use]
    pub fn is_met(&self) -> Option<bool> {
        let judged = self.ratio.unwrap_or(self.value);
        self.goal.map(|goal| match goal {
            Goal::Min(least) => judged >= least,
            Goal::Max(most) => judged <= most,
        })
    }
}

/// To the thousandth: what is beyond is noise, and hard to read.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Figure, Goal};
    use crate::statistics::Spread;

    const SPREAD: Spread = Spread { median: 12.345_678, min: 10.0, max: 20.0 };

    #[test]
    fn a_goal_is_met_up_to_its_bound() {
        let figure = Figure::new("memory", "MiB", Spread { median: 30.0, ..SPREAD });

        assert_eq!(figure.is_met(), None);
        for (goal, met) in [
            (Goal::Max(30.0), true),
            (Goal::Max(29.9), false),
            (Goal::Min(30.0), true),
            (Goal::Min(30.1), false),
        ] {
            assert_eq!(figure.clone().with_goal(goal).is_met(), Some(met), "{goal:?}");
        }
    }

    #[test]
    fn beside_a_yardstick_the_ratio_is_judged() {
        let figure = Figure::new("orders", "1/s", SPREAD).with_goal(Goal::Min(0.5));

        assert_eq!(figure.clone().beside(30.0, 0.41).is_met(), Some(false));
        assert_eq!(figure.beside(20.0, 0.62).is_met(), Some(true));
    }

    #[test]
    fn in_json_a_goal_is_a_bound_and_what_is_not_there_is_absent() {
        let plain = Figure::new("ready", "s", SPREAD);
        let full = plain.clone().with_goal(Goal::Min(0.5)).beside(24.0, 0.514_4);

        let [plain, full] = [plain, full].map(|it| serde_json::to_value(it).unwrap());

        let expected =
            json!({"name": "ready", "unit": "s", "value": 12.346, "min": 10.0, "max": 20.0});
        assert_eq!(plain, expected);
        assert_eq!(full["goal"], json!({"min": 0.5}));
        assert_eq!((&full["yardstick"], &full["ratio"]), (&json!(24.0), &json!(0.514)));
    }
}
