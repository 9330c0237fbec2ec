use proptest::prelude::*;
use shop_contracts::order::CancelReason::{self, ByCustomer, OutOfStock, PaymentFailed, TimedOut};
use shop_contracts::payment::FailureReason::Declined;

use super::*;
use crate::domain::history::{Aggregate as _, CorruptHistory};
use crate::domain::stored::{Recorded, Snapshot, Stored, StoredEvent};
use crate::fixtures::*;

fn given(history: impl IntoIterator<Item = OrderEvent>) -> Order {
    let history: Vec<_> = history.into_iter().collect();
    Order::replay(&history).expect("a valid history").expect("at least one event")
}

fn placed() -> OrderEvent {
    Order::place(placement())
}

fn paid() -> OrderEvent {
    OrderEvent::PaymentProcessed { payment: PAYMENT, at: at(1) }
}

fn declined() -> OrderEvent {
    OrderEvent::PaymentFailed { payment: PAYMENT, reason: Declined, at: at(1) }
}

fn reserved() -> OrderEvent {
    OrderEvent::StockReserved { at: at(1) }
}

fn short() -> Vec<Shortage> {
    vec![Shortage { product: BLUE_MUG, requested: quantity(2), available: 1 }]
}

fn confirmed_at(minutes: i64) -> OrderEvent {
    OrderEvent::Confirmed { at: at(minutes), cancellable_until: at(minutes + 30) }
}

fn cancelled(reason: CancelReason) -> OrderEvent {
    OrderEvent::Cancelled { reason, was_confirmed: false, at: at(2) }
}

fn pay(order: &Order) -> Decision {
    order.record_payment(PAYMENT, usd(4_300), at(2), CANCEL_WINDOW)
}

#[test]
fn an_order_begins_provisional_and_owes_the_sum_of_its_lines() {
    let order = given([placed()]);

    assert_eq!(order.status(), Status::Provisional);
    assert_eq!(order.total(), usd(4_300));
    assert_eq!(order.cancellable_until(), Some(at(15)));
}

#[test]
fn a_payment_alone_confirms_nothing() {
    let order = given([placed()]);

    let decision = pay(&order);

    let noted = OrderEvent::PaymentProcessed { payment: PAYMENT, at: at(2) };
    assert_eq!(decision, Ok(Some(vec![noted])));
}

#[test]
fn a_reservation_alone_confirms_nothing() {
    let order = given([placed()]);

    let decision = order.record_reservation(at(2), CANCEL_WINDOW);

    assert_eq!(decision, Some(vec![OrderEvent::StockReserved { at: at(2) }]));
}

#[test]
fn payment_and_reservation_confirm_in_either_order() {
    let reserved_first = given([placed(), reserved()]);
    let paid_first = given([placed(), paid()]);

    let by_payment = pay(&reserved_first).unwrap().unwrap();
    let by_reservation = paid_first.record_reservation(at(2), CANCEL_WINDOW).unwrap();

    assert_eq!(by_payment.last(), Some(&confirmed_at(2)));
    assert_eq!(by_reservation.last(), Some(&confirmed_at(2)));
}

#[test]
fn a_confirmed_order_can_be_cancelled_for_the_length_of_the_window() {
    let order = given([placed(), paid(), reserved(), confirmed_at(2)]);

    assert_eq!(order.cancellable_until(), Some(at(32)));
    let cancelled = OrderEvent::Cancelled { reason: ByCustomer, was_confirmed: true, at: at(32) };
    assert_eq!(order.cancel(at(32)), Ok(Some(vec![cancelled])));
    assert_eq!(order.cancel(at(33)), Err(OrderError::TooLateToCancel { until: at(32) }));
}

#[test]
fn the_first_failure_cancels_with_its_reason() {
    let by_payment = given([placed(), reserved()]).fail_payment(PAYMENT, Declined, at(2)).unwrap();
    let by_stock = given([placed(), paid()]).reject_stock(short(), at(2)).unwrap();

    assert_eq!(by_payment.last(), Some(&cancelled(PaymentFailed)));
    assert_eq!(by_stock.last(), Some(&cancelled(OutOfStock)));
}

#[test]
fn a_provisional_order_is_cancelled_when_the_customer_wants_it_so() {
    let order = given([placed(), paid()]);

    assert_eq!(order.cancel(at(2)), Ok(Some(vec![cancelled(ByCustomer)])));
}

#[test]
fn an_order_times_out_when_its_time_is_over_and_not_before() {
    let order = given([placed(), paid()]);

    assert_eq!(order.time_out(at(14)), None);
    let out = OrderEvent::Cancelled { reason: TimedOut, was_confirmed: false, at: at(15) };
    assert_eq!(order.time_out(at(15)), Some(vec![out]));
}

#[test]
fn facts_that_come_after_the_decision_change_nothing() {
    for end in [vec![paid(), reserved(), confirmed_at(2)], vec![cancelled(TimedOut)]] {
        let order = given([placed()].into_iter().chain(end));

        let status = order.status();
        assert_eq!(pay(&order), Ok(None), "{status:?}");
        assert_eq!(order.record_reservation(at(3), CANCEL_WINDOW), None, "{status:?}");
        assert_eq!(order.fail_payment(PAYMENT, Declined, at(3)), None, "{status:?}");
        assert_eq!(order.reject_stock(short(), at(3)), None, "{status:?}");
        assert_eq!(order.time_out(at(99)), None, "{status:?}");
    }
}

#[test]
fn hearing_the_same_fact_twice_changes_nothing() {
    let order = given([placed(), paid()]);
    assert_eq!(pay(&order), Ok(None));

    let order = given([placed(), reserved()]);
    assert_eq!(order.record_reservation(at(3), CANCEL_WINDOW), None);
}

#[test]
fn cancelling_twice_changes_nothing() {
    let order = given([placed(), cancelled(TimedOut)]);

    assert_eq!(order.cancel(at(3)), Ok(None));
}

#[test]
fn another_amount_than_the_total_is_refused() {
    let order = given([placed()]);

    let refused = order.record_payment(PAYMENT, usd(4_299), at(2), CANCEL_WINDOW);

    let (charged, total) = (usd(4_299), usd(4_300));
    assert_eq!(refused, Err(OrderError::AmountDiffers { charged, total }));
}

#[test]
fn a_decided_order_remembers_what_it_heard_of_money_and_stock() {
    let order = given([placed(), reserved(), declined(), cancelled(PaymentFailed)]);

    assert_eq!(order.payment(), &Payment::Failed { payment: PAYMENT, reason: Declined });
    assert_eq!(order.stock(), &Stock::Reserved);
    assert_eq!(order.cancellable_until(), None);
}

#[test]
fn a_history_that_does_not_begin_with_the_placement_is_corrupt() {
    for history in [vec![paid()], vec![placed(), placed()]] {
        assert!(matches!(Order::replay(&history), Err(CorruptHistory::OutOfPlace(_))));
    }
}

/// Something the world does to an order.
#[derive(Debug, Clone, Copy)]
enum Act {
    Pay,
    Decline,
    Reserve,
    RunShort,
    TimeOut,
    Cancel,
}

fn acts() -> impl Strategy<Value = Vec<(Act, i64)>> {
    let act = prop::sample::select(vec![
        Act::Pay,
        Act::Decline,
        Act::Reserve,
        Act::RunShort,
        Act::TimeOut,
        Act::Cancel,
    ]);
    prop::collection::vec((act, 0_i64..90), 0..12)
}

fn decide(order: &Order, act: Act, now: DateTime<Utc>) -> Option<Vec<OrderEvent>> {
    match act {
        Act::Pay => order.record_payment(PAYMENT, order.total(), now, CANCEL_WINDOW).unwrap(),
        Act::Decline => order.fail_payment(PAYMENT, Declined, now),
        Act::Reserve => order.record_reservation(now, CANCEL_WINDOW),
        Act::RunShort => order.reject_stock(short(), now),
        Act::TimeOut => order.time_out(now),
        Act::Cancel => order.cancel(now).unwrap_or(None),
    }
}

/// Plays acts on a new order; the history, and the state folded as it went.
fn played(acts: &[(Act, i64)]) -> (Vec<OrderEvent>, Order) {
    let mut history = vec![placed()];
    let mut order = given(history.clone());
    for (act, minutes) in acts {
        for event in decide(&order, *act, at(*minutes)).unwrap_or_default() {
            order = Order::evolve(Some(order), &event).unwrap();
            history.push(event);
        }
    }
    (history, order)
}

proptest! {
    #[test]
    fn replay_equals_the_fold_made_along_the_way(acts in acts()) {
        let (history, order) = played(&acts);

        prop_assert_eq!(Order::replay(&history).unwrap(), Some(order));
    }

    #[test]
    fn a_snapshot_anywhere_equals_the_full_replay(acts in acts(), cut in 0_usize..12) {
        let (history, order) = played(&acts);
        let cut = cut.min(history.len());
        let recorded: Vec<_> = (1..).zip(&history).map(|(version, event)| Recorded {
            version, at: at(0), cause: None, traceparent: None, event: StoredEvent::encode(event).unwrap(),
        }).collect();

        let before = Order::replay(&history[..cut]).unwrap();
        let snapshot = before.map(|state| Snapshot::take(&state, cut as u64).unwrap());
        let present = Stored { snapshot, events: recorded[cut..].to_vec() }.rebuild::<Order>().unwrap();

        prop_assert_eq!(present.state, Some(order));
        prop_assert_eq!(present.version, history.len() as u64);
    }

    #[test]
    fn an_order_is_confirmed_only_when_paid_and_reserved_and_never_after_a_cancellation(
        acts in acts(),
    ) {
        let (history, _) = played(&acts);

        let position = |wanted: fn(&OrderEvent) -> bool| history.iter().position(wanted);
        let confirmed = position(|e| matches!(e, OrderEvent::Confirmed { .. }));
        let cancelled = position(|e| matches!(e, OrderEvent::Cancelled { .. }));
        if let Some(confirmed) = confirmed {
            let paid = position(|e| matches!(e, OrderEvent::PaymentProcessed { .. }));
            let reserved = position(|e| matches!(e, OrderEvent::StockReserved { .. }));
            prop_assert!(paid.is_some_and(|at| at < confirmed));
            prop_assert!(reserved.is_some_and(|at| at < confirmed));
            prop_assert!(cancelled.is_none_or(|at| at == history.len() - 1 && at > confirmed));
        }
        if let Some(cancelled) = cancelled {
            prop_assert_eq!(cancelled, history.len() - 1);
        }
    }
}
