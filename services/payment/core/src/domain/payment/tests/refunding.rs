//! Giving it back.

use shop_contracts::order::PaymentMethod;
use shop_contracts::payment::MethodSummary;

use super::fixture::*;
use crate::domain::*;

fn placed_bill() -> Bill {
    bill(PaymentMethod::Card(adas_card().id))
}

#[test]
fn a_cancellation_before_any_charge_withdraws_the_payment() {
    let mut payment = due();

    assert!(payment.cancel());

    assert_eq!(payment.begin_charge(Some(&adas_card()), noon()), Ok(Begin::Nothing));
    assert_eq!((payment.state(), payment.version()), (&State::Withdrawn, 0));
}

#[test]
fn a_cancellation_before_the_order_leaves_a_tombstone_and_nothing_is_charged() {
    let (order, customer) = (placed_bill().order, ada());
    let tombstone = Record::cancelled(None, order, customer).unwrap();

    let placed = Record::placed(Some(&tombstone), placed_bill()).unwrap();

    assert_eq!(tombstone, Record::Tombstone { order, customer });
    assert_eq!(placed.payment().unwrap().state(), &State::Withdrawn);
    assert_eq!(placed.payment().unwrap().state().work(), None);
}

#[test]
fn messages_that_come_again_change_nothing() {
    let known = Record::Payment(cancelled_after_the_charge());
    let tombstone = Record::Tombstone { order: placed_bill().order, customer: ada() };

    assert_eq!(Record::placed(Some(&known), placed_bill()), None);
    assert_eq!(Record::cancelled(Some(&known), known.order(), ada()), None);
    assert_eq!(Record::cancelled(Some(&tombstone), tombstone.order(), ada()), None);
}

#[test]
fn a_charge_that_lands_after_the_cancellation_is_told_and_goes_back() {
    let mut payment = begun();
    assert!(payment.cancel());

    let event = payment.settle_charge(ChargeAnswer::Approved, after_expiry());

    assert!(matches!(event, Ok(Some(PaymentEvent::Charged { .. }))));
    assert_eq!(payment.state().work(), Some(Work::Refund));
}

#[test]
fn a_charge_refused_after_the_cancellation_leaves_nothing_to_undo() {
    let mut payment = begun();
    payment.cancel();

    payment.settle_charge(ChargeAnswer::Refused(ChargeRefusal::Declined), noon()).unwrap();

    assert_eq!(payment.state().work(), None);
    assert!(!payment.cancel());
}

#[test]
fn a_refund_gives_back_all_of_the_charge_under_its_own_key() {
    let mut payment = cancelled_after_the_charge();

    let request = payment.refund_request().unwrap().unwrap();
    let event = payment.settle_refund(RefundAnswer::Refunded, 3, noon());

    let expected =
        RefundRequest { key: payment.refund_id(), charge: payment.id(), amount: total() };
    assert_eq!(request, expected);
    assert_eq!(event, Ok(Some(PaymentEvent::Refunded { method: by_card(), at: noon() })));
    assert_eq!((payment.version(), payment.refund_request()), (2, Ok(None)));
}

#[test]
fn a_refused_refund_is_tried_again_under_the_next_key_and_then_parked() {
    let mut payment = cancelled_after_the_charge();
    let mut keys = Vec::new();

    let events: Vec<_> = (0..3)
        .map(|_| {
            keys.push(payment.refund_request().unwrap().unwrap().key);
            payment.settle_refund(refused(), 3, noon()).unwrap()
        })
        .collect();

    let reason = "account closed".to_owned();
    assert_eq!(events, [None, None, Some(PaymentEvent::RefundParked { reason, at: noon() })]);
    keys.dedup();
    assert_eq!(keys.len(), 3);
    assert_eq!(payment.state().work(), None);
}

#[test]
fn a_parked_refund_that_an_operator_tries_again_may_succeed() {
    let mut payment = parked();

    payment.retry_refund().unwrap();
    let event = payment.settle_refund(RefundAnswer::Refunded, 3, after_expiry());

    let refunded = PaymentEvent::Refunded { method: by_card(), at: after_expiry() };
    assert_eq!((event, payment.version()), (Ok(Some(refunded)), 3));
}

#[test]
fn a_parked_refund_refused_again_is_parked_at_once_and_not_told_twice() {
    let mut payment = parked();
    payment.retry_refund().unwrap();

    let event = payment.settle_refund(refused(), 3, after_expiry());

    assert_eq!((event, payment.version()), (Ok(None), 2));
    assert!(matches!(payment.state(), State::RefundParked { refusals: 2, .. }));
}

#[test]
fn only_a_parked_refund_is_tried_again() {
    for mut payment in [due(), begun(), charged(), cancelled_after_the_charge()] {
        assert_eq!(payment.retry_refund(), Err(PaymentError::NotParked));
    }
}

#[test]
fn store_credit_goes_back_to_its_account_once() {
    let (mut payment, mut account) = (due_on_credit(), adas_credit(9_999));
    payment.charge_credit(&mut account, noon()).unwrap();
    payment.cancel();

    let event = payment.refund_credit(&mut account, noon());
    let again = payment.refund_credit(&mut account, noon());

    let method = MethodSummary::StoreCredit;
    assert_eq!(event, Ok(Some(PaymentEvent::Refunded { method, at: noon() })));
    assert_eq!((again, account.used().minor), (Ok(None), 0));
}
