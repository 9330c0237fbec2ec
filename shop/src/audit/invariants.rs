//! The seven invariants, as checks over the books. Pure: what they need is in the books.

use std::collections::BTreeMap;

use serde::Serialize;
use shop_contracts::catalog::StockLine;
use shop_kernel::{Money, OrderId};

use super::books::{Books, Entry, Order, Payment};

/// What the audit says of one invariant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Its number in the design.
    pub number: u8,
    /// What must be so.
    pub invariant: &'static str,
    /// How many things were looked at, by kind: a check that looked at nothing proves nothing.
    pub counts: BTreeMap<&'static str, usize>,
    /// What is allowed and worth knowing.
    pub noted: Vec<String>,
    /// What is not so.
    pub violations: Vec<String>,
}

impl Verdict {
    fn of(number: u8, invariant: &'static str) -> Self {
        let (counts, noted, violations) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { number, invariant, counts, noted, violations }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.violations.is_empty()
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn violate(&mut self, what: String) {
        self.violations.push(what);
    }
}

/// Checks everything.
#[must_use]
pub fn check(books: &Books) -> Vec<Verdict> {
    vec![
        every_order_is_decided(books),
        confirmed_orders_are_paid_and_held(books),
        cancelled_orders_keep_nothing(books),
        stock_and_money_add_up(books),
        nothing_is_doubled(books),
        the_read_model_is_a_fold_of_the_feeds(books),
        dead_letters_and_mails(books),
    ]
}

fn every_order_is_decided(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(1, "every order is confirmed or cancelled");
    for order in books.orders.values() {
        match order.status.as_str() {
            "confirmed" => verdict.count("confirmed"),
            "cancelled" => verdict.count("cancelled"),
            other => verdict.violate(format!("{} is {other}", order.order)),
        }
    }
    verdict
}

fn confirmed_orders_are_paid_and_held(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(
        2,
        "confirmed: one charge of exactly the total, none refunded, every line held",
    );
    for order in with_status(books, "confirmed") {
        verdict.count("confirmed orders");
        match books.payments.get(&order.order) {
            Some(payment) if is_paid_exactly(payment, order.total) => verdict.count("charges"),
            payment => verdict.violate(format!("{} has {}", order.order, in_words(payment))),
        }
        if is_held(books, order) {
            verdict.count("reservations");
        } else {
            verdict.violate(format!("{} is confirmed, and its lines are not held", order.order));
        }
    }
    // And the other way round: what is paid and held is confirmed.
    for payment in books.payments.values().filter(|it| it.charged > it.refunded + it.parked) {
        let status = books.orders.get(&payment.order).map(|order| order.status.as_str());
        if status != Some("confirmed") {
            verdict.violate(format!("{} is charged, and the order is {status:?}", payment.payment));
        }
    }
    verdict
}

fn is_paid_exactly(payment: &Payment, total: Money) -> bool {
    payment.currency == Some(total.currency)
        && payment.charged == total.minor
        && payment.refunded == 0
        && payment.parked == 0
}

fn is_held(books: &Books, order: &Order) -> bool {
    let reservation = books.reservations.get(&order.order);
    reservation
        .is_some_and(|it| it.state == "reserved" && sorted(&it.lines) == sorted(&order.lines))
}

fn sorted(lines: &[StockLine]) -> Vec<(String, u32)> {
    let mut lines: Vec<_> =
        lines.iter().map(|line| (line.product.to_string(), line.quantity.get())).collect();
    lines.sort_unstable();
    lines
}

fn cancelled_orders_keep_nothing(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(
        3,
        "cancelled: charged minus refunded is 0 or one parked refund; nothing is held",
    );
    for order in with_status(books, "cancelled") {
        verdict.count("cancelled orders");
        if let Some(payment) = books.payments.get(&order.order) {
            let kept = payment.charged - payment.refunded;
            if kept == 0 {
                verdict.count(if payment.charged == 0 { "never charged" } else { "refunded" });
            } else if kept == payment.parked {
                verdict.count("parked refunds");
                verdict.noted.push(format!("{} owes a parked refund of {kept}", order.order));
            } else {
                verdict.violate(format!(
                    "{} kept {kept}: {}",
                    order.order,
                    in_words(Some(payment))
                ));
            }
        }
        if books.reservations.get(&order.order).is_some_and(|it| it.state == "reserved") {
            verdict.violate(format!("{} is cancelled, and its lines are still held", order.order));
        }
    }
    verdict
}

fn stock_and_money_add_up(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(
        4,
        "per product adjustments = available + held; the provider's ledger agrees with payment",
    );
    let mut held: BTreeMap<_, i64> = BTreeMap::new();
    for reservation in books.reservations.values().filter(|it| it.state == "reserved") {
        for line in &reservation.lines {
            *held.entry(line.product).or_default() += i64::from(line.quantity.get());
        }
    }
    for product in books.products.values() {
        verdict.count("products");
        if product.available < 0 || product.held < 0 {
            verdict.violate(format!("{} is below zero: {product:?}", product.product));
        }
        if product.adjusted != product.available + product.held {
            verdict.violate(format!("{} does not add up: {product:?}", product.product));
        }
        let reserved = held.get(&product.product).copied().unwrap_or_default();
        if product.held != reserved {
            let (product, held) = (product.product, product.held);
            verdict.violate(format!("{product} holds {held}, and orders reserve {reserved}"));
        }
    }
    compare_ledger(books, &mut verdict);
    verdict
}

fn compare_ledger(books: &Books, verdict: &mut Verdict) {
    // By the charge's key, which is the payment: how often and how much.
    let mut theirs: BTreeMap<&str, (usize, i64, i64)> = BTreeMap::new();
    for entry in &books.ledger {
        match entry {
            Entry::Charged { key, amount } => {
                verdict.count("charges in the ledger");
                let (times, charged, _) = theirs.entry(key.as_str()).or_default();
                *times += 1;
                *charged += amount.minor;
            }
            Entry::Refunded { charge, amount } => {
                verdict.count("refunds in the ledger");
                theirs.entry(charge.as_str()).or_default().2 += amount.minor;
            }
        }
    }
    let cards = books.payments.values().filter(|it| it.method.as_deref() == Some("card"));
    for payment in cards {
        let key = payment.payment.to_string();
        let (times, charged, refunded) = theirs.remove(key.as_str()).unwrap_or_default();
        if times > 1 {
            verdict.violate(format!("{key} was charged {times} times"));
        }
        if (charged, refunded) != (payment.charged, payment.refunded) {
            let ours = in_words(Some(payment));
            verdict
                .violate(format!("{key}: the ledger has {charged} - {refunded}, we have {ours}"));
        }
    }
    for (key, (_, charged, refunded)) in theirs {
        verdict.violate(format!("the ledger has {charged} - {refunded} for {key}, unknown to us"));
    }
}

fn nothing_is_doubled(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(
        5,
        "no (customer, idempotency key) has two orders; stream versions have no gap and no double",
    );
    verdict.counts.insert("orders", books.orders.len());
    verdict.violations.extend(books.broken_streams.iter().cloned());
    verdict.violations.extend(books.doubled_keys.iter().cloned());
    verdict
}

fn the_read_model_is_a_fold_of_the_feeds(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(6, "the read model equals a fold of the producers' feeds");
    let differing = |order: &OrderId| books.documents.get(order) != books.folded.get(order);
    for order in books.folded.keys() {
        verdict.count("folded orders");
        if !books.documents.contains_key(order) {
            verdict.violate(format!("{order} is in the feeds and not in the read model"));
        } else if differing(order) {
            verdict.violate(format!("{order} shows something else than its facts"));
        }
        if !books.orders.contains_key(order) {
            verdict.violate(format!("{order} is in the feeds and not in the event store"));
        }
    }
    for order in books.documents.keys().filter(|order| !books.folded.contains_key(*order)) {
        verdict.violate(format!("{order} is in the read model and not in the feeds"));
    }
    for order in books.orders.keys().filter(|order| !books.folded.contains_key(*order)) {
        verdict.violate(format!("{order} is in the event store and not in the feeds"));
    }
    verdict
}

fn dead_letters_and_mails(books: &Books) -> Verdict {
    let mut verdict = Verdict::of(
        7,
        "dead letters are empty, or each has its reason; one mail per (order, kind)",
    );
    for letter in &books.dead {
        verdict.count("dead letters");
        let line = format!("{} in {}.dead: {}", letter.message, letter.queue, letter.reason);
        if letter.reason.is_empty() { verdict.violate(line) } else { verdict.noted.push(line) }
    }
    for ((order, kind), times) in &books.mails {
        verdict.count("mails");
        if *times != 1 {
            verdict.violate(format!("{order} was sent {times} mails of kind {kind}"));
        }
    }
    verdict
}

fn with_status<'a>(books: &'a Books, status: &'a str) -> impl Iterator<Item = &'a Order> {
    books.orders.values().filter(move |order| order.status == status)
}

fn in_words(payment: Option<&Payment>) -> String {
    payment.map_or_else(
        || "no payment".to_owned(),
        |it| format!("charged {}, refunded {}, parked {}", it.charged, it.refunded, it.parked),
    )
}

#[cfg(test)]
mod tests;
