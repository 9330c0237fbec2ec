//! What a shopper means to do, and how an order may end for it.

/// How an order is to be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pay {
    /// A card that approves.
    Good,
    /// A card that is declined.
    Declined,
    /// A card with too little on it.
    Insufficient,
    /// A card that can be stored and then does not work.
    FailsLater,
    /// A card that approves after seconds.
    Slow,
    /// Store credit, of which there is enough.
    Credit,
}

impl Pay {
    /// Every card, with its number.
    pub const CARDS: [(Self, &'static str); 5] = [
        (Self::Good, "4242 4242 4242 4242"),
        (Self::Declined, "4000 0000 0000 0002"),
        (Self::Insufficient, "4000 0000 0000 9995"),
        (Self::FailsLater, "4000 0000 0000 0341"),
        (Self::Slow, "4000 0000 0000 6975"),
    ];

    const fn pays(self) -> bool {
        matches!(self, Self::Good | Self::Slow | Self::Credit)
    }
}

/// What a shopper means to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intent {
    /// How to pay.
    pub pay: Pay,
    /// Whether one of the lines is of a product that is sold out.
    pub sold_out: bool,
    /// Whether they change their mind as soon as the order is accepted.
    pub cancels: bool,
    /// Whether they hang up on the first try, and know nothing before the second.
    pub hangs_up: bool,
}

/// How an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending<'a> {
    /// It stands.
    Confirmed,
    /// It does not, for this reason.
    Cancelled(&'a str),
}

impl Intent {
    /// An order that goes through.
    pub const PLAIN: Self =
        Self { pay: Pay::Good, sold_out: false, cancels: false, hangs_up: false };

    /// The `n`th of an endless mix in which everything meets everything.
    #[must_use]
    pub const fn nth(n: usize) -> Self {
        let pay = match n % 20 {
            0 | 9 => Pay::Declined,
            3 => Pay::Insufficient,
            6 => Pay::FailsLater,
            12 => Pay::Slow,
            15 | 18 => Pay::Credit,
            _ => Pay::Good,
        };
        // Lengths without a common divisor, so that every combination comes up.
        Self { pay, sold_out: n % 11 == 5, cancels: n % 7 == 2, hangs_up: n % 3 == 1 }
    }

    /// Tells whether an order may end like this when nothing but faults of machines came between.
    #[must_use]
    pub fn allows(self, ending: Ending<'_>) -> bool {
        match ending {
            // A cancellation may come too late only for the window, which no test outlasts.
            Ending::Confirmed => self.pay.pays() && !self.sold_out && !self.cancels,
            Ending::Cancelled("payment-failed") => !self.pay.pays(),
            Ending::Cancelled("out-of-stock") => self.sold_out,
            Ending::Cancelled("by-customer") => self.cancels,
            Ending::Cancelled(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Intent, Pay};

    #[test]
    fn a_plain_order_must_be_confirmed() {
        assert!(Intent::PLAIN.allows(Ending::Confirmed));
        for reason in ["payment-failed", "out-of-stock", "by-customer", "timed-out"] {
            assert!(!Intent::PLAIN.allows(Ending::Cancelled(reason)), "{reason}");
        }
    }

    #[test]
    fn an_order_that_cannot_be_paid_nor_reserved_may_end_either_way() {
        let intent = Intent { pay: Pay::Declined, sold_out: true, ..Intent::PLAIN };

        assert!(intent.allows(Ending::Cancelled("payment-failed")));
        assert!(intent.allows(Ending::Cancelled("out-of-stock")));
        assert!(!intent.allows(Ending::Confirmed));
    }

    #[test]
    fn every_combination_comes_up() {
        let mix: Vec<Intent> = (0..4620).map(Intent::nth).collect();

        for (pay, _) in Pay::CARDS {
            for sold_out in [false, true] {
                for (cancels, hangs_up) in
                    [(false, false), (false, true), (true, false), (true, true)]
                {
                    assert!(mix.contains(&Intent { pay, sold_out, cancels, hangs_up }));
                }
            }
        }
    }
}
