//! What a phone may be sent, in KB (1000 bytes) of brotli, glue and module together.

/// All that home needs, pictures aside; storefront.md promises it.
pub(crate) const FIRST_VIEW: Budget = Budget::of(150);
const SHELL: Budget = Budget::of(57);
const FRAGMENT: Budget = Budget::of(85);
/// Three pages and two forms: they meet the goal by a hair, and another compiler writes 2 % more.
const CHECKOUT: Budget = Budget { kb: 88, goal: FRAGMENT.kb };

/// How large something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    kb: usize,
    /// What it should be.
    goal: usize,
}

impl Budget {
    const fn of(kb: usize) -> Self {
        Self { kb, goal: kb }
    }

    /// That of a bundle; the shell has no tag.
    pub(crate) fn for_bundle(tag: Option<&str>) -> Self {
        match tag {
            None => SHELL,
            Some("shop-checkout") => CHECKOUT,
            Some(_) => FRAGMENT,
        }
    }

    pub(crate) fn is_held(self, bytes: usize) -> bool {
        bytes <= self.kb * 1000
    }

    /// In words, beside a size.
    pub(crate) fn verdict(self, bytes: usize) -> String {
        let Self { kb, goal } = self;
        let over = if self.is_held(bytes) { "" } else { ", MORE THAN ITS BUDGET" };
        let goal = if goal < kb { format!(", goal {goal}") } else { String::new() };
        format!("{} KB by brotli, budget {kb}{goal}{over}", bytes.div_ceil(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::Budget;

    #[test]
    fn more_than_the_budget_is_told() {
        let budget = Budget::of(85);

        assert_eq!(budget.verdict(84_001), "85 KB by brotli, budget 85");
        assert_eq!(budget.verdict(85_001), "86 KB by brotli, budget 85, MORE THAN ITS BUDGET");
        assert!(budget.is_held(85_000) && !budget.is_held(85_001));
    }

    #[test]
    fn a_goal_that_is_not_reached_stands_beside_the_budget() {
        let verdict = Budget { kb: 94, goal: 85 }.verdict(93_500);

        assert_eq!(verdict, "94 KB by brotli, budget 94, goal 85");
    }
}
