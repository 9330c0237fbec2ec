//! Judges what the services have against what the shoppers were told: attempted, acknowledged,
//! observed.

use std::collections::{BTreeMap, BTreeSet};

use shop_kernel::{CustomerId, OrderId};

use crate::attempt::Attempt;
use crate::books::Books;
use crate::client::Try;
use crate::intent::Ending;

/// What an order may end as, beyond what its intent allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leniency {
    /// Nothing: every fault must have been outlived.
    None,
    /// Any of them may have run out of time.
    TimedOut,
}

/// Everything that is not as it must be; empty is a pass.
#[must_use]
pub fn judge(attempts: &[Attempt], books: &Books, leniency: Leniency) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut accepted = BTreeMap::new();
    for attempt in attempts {
        complaints.extend(of_the_answers(attempt));
        if let Some(order) = attempt.order()
            && let Some(other) = accepted.insert(order, attempt)
        {
            let (key, other) = (&attempt.key, &other.key);
            complaints.push(format!("the keys {key} and {other} got the same order {order}"));
        }
    }
    for (order, attempt) in &accepted {
        complaints.extend(of_the_order(*order, attempt, books, leniency));
    }
    complaints.extend(unexpected(attempts, &accepted.into_keys().collect(), books));
    complaints
}

fn of_the_answers(attempt: &Attempt) -> Vec<String> {
    let mut complaints = Vec::new();
    if let Err(refusal) = &attempt.outcome {
        complaints
            .push(format!("{:?} under {} was refused: {refusal}", attempt.intent, attempt.key));
    }
    if let Some(cancelled) = &attempt.cancelled
        && (cancelled.status != 200 || cancelled.reason.is_none())
    {
        complaints.push(format!("a cancellation was answered {cancelled:?}"));
    }
    let cancelling = attempt.cancelled.iter().flat_map(|cancelled| &cancelled.tries);
    // A fault we know of is answered 503; a 500 is one we did not think of.
    if attempt.tries.iter().chain(cancelling).any(|it| *it == Try::Answered(500)) {
        complaints.push(format!("{} met an internal error", attempt.key));
    }
    complaints
}

fn of_the_order(
    order: OrderId,
    attempt: &Attempt,
    books: &Books,
    leniency: Leniency,
) -> Vec<String> {
    let Some(stored) = books.orders.get(&order) else {
        return vec![format!("{order} was accepted, and the event store has lost it")];
    };
    let mut complaints = Vec::new();
    if stored.customer != attempt.customer {
        complaints.push(format!("{order} of {} belongs to {}", attempt.customer, stored.customer));
    }
    let Some(ending) = stored.ending() else {
        return vec![format!("{order} has not ended: {stored:?}")];
    };
    let intent = attempt.intent;
    let in_time = ending != Ending::Cancelled("timed-out") || leniency == Leniency::None;
    if in_time && !intent.allows(ending) {
        complaints.push(format!("{order} ended {ending:?}, and {intent:?} was meant"));
    }
    let told = attempt.cancelled.as_ref().and_then(|cancelled| cancelled.reason.as_deref());
    if let Some(told) = told
        && ending != Ending::Cancelled(told)
    {
        complaints.push(format!("{order} ended {ending:?}, and the customer was told {told}"));
    }
    complaints.extend(of_the_money(order, ending, books));
    complaints.extend(of_the_mails(order, ending, books));
    complaints
}

fn of_the_money(order: OrderId, ending: Ending<'_>, books: &Books) -> Option<String> {
    let payment = books.payments.get(&order);
    let (charged, refunded) = payment.map_or((0, 0), |it| (it.charged, it.refunded));
    let is_right = match ending {
        Ending::Confirmed => charged > 0 && refunded == 0,
        Ending::Cancelled("payment-failed") => charged == 0 && refunded == 0,
        Ending::Cancelled(_) => charged == refunded,
    };
    (!is_right).then(|| format!("{order} ended {ending:?} with {charged} - {refunded} paid"))
}

fn of_the_mails(order: OrderId, ending: Ending<'_>, books: &Books) -> Option<String> {
    let nothing = BTreeMap::new();
    let mails = books.mails.get(&order).unwrap_or(&nothing);
    let charged = books.payments.get(&order).is_some_and(|it| it.charged > 0);
    let mut due = BTreeSet::new();
    if charged {
        due.insert("receipt");
    }
    match ending {
        Ending::Confirmed => due.insert("confirmation"),
        Ending::Cancelled(_) => due.insert("cancellation") && charged && due.insert("refund"),
    };
    let mut sent: BTreeSet<&str> = BTreeSet::new();
    for (kind, state) in mails {
        // It was true for a moment: sent before the cancellation, or skipped after it.
        let was_confirmed = kind == "confirmation" && ending == Ending::Cancelled("by-customer");
        match state.as_str() {
            "sent" | "skipped" if was_confirmed => {}
            "sent" => drop(sent.insert(kind)),
            _ => return Some(format!("the {kind} of {order} is {state}")),
        }
    }
    (sent != due).then(|| format!("{order} ended {ending:?} with the mails {sent:?}, not {due:?}"))
}

/// Orders nobody was told of: what a key that was used twice would leave.
fn unexpected(attempts: &[Attempt], accepted: &BTreeSet<OrderId>, books: &Books) -> Vec<String> {
    let ours: BTreeSet<CustomerId> = attempts.iter().map(|attempt| attempt.customer).collect();
    let stored = books.orders.iter().filter(|(_, order)| ours.contains(&order.customer));
    let strangers = stored.filter(|(order, _)| !accepted.contains(order));
    strangers.map(|(order, _)| format!("{order} was placed, and nobody was told")).collect()
}

/// How many orders of each intent and ending there were, for people to see what was tested.
#[must_use]
pub fn summary(attempts: &[Attempt], books: &Books) -> String {
    let mut endings = BTreeMap::<String, usize>::new();
    for order in attempts.iter().filter_map(Attempt::order) {
        let ending = books.orders.get(&order).and_then(|order| order.ending());
        *endings.entry(format!("{ending:?}")).or_default() += 1;
    }
    let resent = attempts.iter().filter(|attempt| attempt.tries.len() > 1).count();
    let cancelled = attempts.iter().filter(|attempt| attempt.intent.cancels).count();
    let cut = attempts.iter().filter(|attempt| attempt.intent.hangs_up).count();
    let all = attempts.len();
    format!("{all} orders ({cancelled} cancelled, {cut} hung up on, {resent} resent): {endings:?}")
}

#[cfg(test)]
mod tests;
