//! How a row must end, and what to say when it did not. Pure.

use serde_json::Value;

use crate::api::text;

/// How an order must end: each list holds what is allowed.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    /// Whether the payment must be settled before the order is judged.
    pub(super) is_settled: bool,
    /// The order: a status, and for a cancelled one its reason after a colon.
    pub(super) order: &'static [&'static str],
    pub(super) money: &'static [&'static str],
    pub(super) stock: &'static [&'static str],
    /// Mails that must have been sent …
    pub(super) mails: &'static [&'static str],
    /// … and those that may have been.
    pub(super) maybe: &'static [&'static str],
}

/// How an order ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) order: String,
    pub(super) money: String,
    pub(super) stock: String,
    pub(super) mails: Vec<String>,
}

impl Ending {
    /// Reads it off the read model's document and the list of sent mails.
    pub(super) fn of(view: &Value, mails: Vec<String>) -> anyhow::Result<Self> {
        let status = text(view, "/status")?;
        let order = match view["reason"].as_str() {
            Some(reason) => format!("{status}: {reason}"),
            None => status.to_owned(),
        };
        let money = text(view, "/money/state")?.to_owned();
        Ok(Self { order, money, stock: text(view, "/stock/state")?.to_owned(), mails })
    }

    pub(super) fn in_words(&self) -> String {
        let Self { order, money, stock, mails } = self;
        let mails = if mails.is_empty() { "none".to_owned() } else { mails.join(", ") };
        format!("{order}; money {money}; stock {stock}; mails: {mails}")
    }
}

impl Expected {
    /// What is otherwise than it must be.
    pub(super) fn problems(&self, ending: &Ending) -> Vec<String> {
        let mut problems = Vec::new();
        for (what, allowed, found) in [
            ("order", self.order, &ending.order),
            ("money", self.money, &ending.money),
            ("stock", self.stock, &ending.stock),
        ] {
            if !allowed.contains(&found.as_str()) {
                problems.push(format!("{what} is {found}, not {}", allowed.join(" or ")));
            }
        }
        for mail in self.required(ending) {
            if !ending.mails.iter().any(|sent| sent == mail) {
                problems.push(format!("no {mail} mail was sent"));
            }
        }
        for mail in &ending.mails {
            if !self.mails.contains(&mail.as_str()) && !self.maybe.contains(&mail.as_str()) {
                problems.push(format!("a {mail} mail was sent"));
            }
        }
        let mut sent = ending.mails.clone();
        sent.dedup();
        if sent.len() != ending.mails.len() {
            problems.push("a mail was sent twice".to_owned());
        }
        problems
    }

    /// A refund is always told, where there was one.
    fn required(&self, ending: &Ending) -> impl Iterator<Item = &'static str> {
        let refunded = ending.money == "refunded" && !self.mails.contains(&"refund");
        self.mails.iter().copied().chain(refunded.then_some("refund"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANCELLED: Expected = Expected {
        is_settled: true,
        order: &["cancelled: by-customer"],
        money: &["pending", "refunded"],
        stock: &["released"],
        mails: &["cancellation"],
        maybe: &["receipt", "refund"],
    };

    fn ending(money: &str, mails: &[&str]) -> Ending {
        Ending {
            order: "cancelled: by-customer".to_owned(),
            money: money.to_owned(),
            stock: "released".to_owned(),
            mails: mails.iter().map(|mail| (*mail).to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_as_it_must_be_has_no_problems() {
        for ending in [
            ending("pending", &["cancellation"]),
            ending("refunded", &["cancellation", "receipt", "refund"]),
        ] {
            assert_eq!(CANCELLED.problems(&ending), [""; 0], "{ending:?}");
        }
    }

    #[test]
    fn each_deviation_is_a_problem() {
        for (ending, problem) in [
            (ending("charged", &["cancellation"]), "money is charged, not pending or refunded"),
            (ending("pending", &[]), "no cancellation mail was sent"),
            (ending("refunded", &["cancellation"]), "no refund mail was sent"),
            (ending("pending", &["cancellation", "confirmation"]), "a confirmation mail was sent"),
            (ending("pending", &["cancellation", "cancellation"]), "a mail was sent twice"),
        ] {
            assert_eq!(CANCELLED.problems(&ending), [problem], "{ending:?}");
        }
    }
}
