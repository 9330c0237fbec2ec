//! Taking the money.

use shop_contracts::payment::{FailureReason, MethodSummary};
use shop_kernel::CustomerId;

use super::fixture::*;
use crate::domain::*;

fn failed(reason: FailureReason) -> PaymentEvent {
    PaymentEvent::Failed { reason, at: noon() }
}

#[test]
fn a_due_payment_asks_the_provider_under_its_own_id() {
    let mut payment = due();

    let begin = payment.begin_charge(Some(&adas_card()), noon()).unwrap();

    let request = ChargeRequest {
        key: payment_of(payment.bill().order),
        order: payment.bill().order,
        token: adas_card().token,
        amount: total(),
    };
    assert_eq!(begin, Begin::Ask(request));
    assert_eq!(payment.state().work(), Some(Work::Charge));
}

#[test]
fn an_approved_charge_is_told_once() {
    let mut payment = begun();

    let first = payment.settle_charge(ChargeAnswer::Approved, noon());
    let second = payment.settle_charge(ChargeAnswer::Approved, after_expiry());

    let event = PaymentEvent::Charged { method: by_card(), at: noon() };
    assert_eq!((first, second), (Ok(Some(event)), Ok(None)));
    assert_eq!((payment.version(), payment.state().work()), (1, None));
}

#[test]
fn a_refusal_fails_the_payment_with_its_reason() {
    for (refusal, reason) in [
        (ChargeRefusal::Declined, FailureReason::Declined),
        (ChargeRefusal::InsufficientFunds, FailureReason::InsufficientFunds),
    ] {
        let mut payment = begun();

        let event = payment.settle_charge(ChargeAnswer::Refused(refusal), noon());

        assert_eq!(event, Ok(Some(failed(reason))));
        assert_eq!(payment.state().work(), None);
    }
}

#[test]
fn a_method_that_is_not_the_customers_fails_the_payment() {
    let harus = CardOnFile { owner: CustomerId::generate(), ..adas_card() };
    for card in [None, Some(&harus)] {
        let mut payment = due();

        let begin = payment.begin_charge(card, noon());

        assert_eq!(begin, Ok(Begin::Failed(failed(FailureReason::MethodNotYours))));
    }
}

#[test]
fn no_charge_begins_after_the_bill_expired() {
    let (mut card, mut credit) = (due(), due_on_credit());

    let begin = card.begin_charge(Some(&adas_card()), after_expiry());
    let event = credit.charge_credit(&mut adas_credit(9_999), after_expiry());

    let expired = PaymentEvent::Failed { reason: FailureReason::Expired, at: after_expiry() };
    assert_eq!(begin, Ok(Begin::Failed(expired.clone())));
    assert_eq!(event, Ok(Some(expired)));
}

#[test]
fn a_charge_begun_in_time_is_repeated_with_the_same_words_until_it_is_answered() {
    let mut payment = due();
    let first = payment.begin_charge(Some(&adas_card()), noon());

    let again = payment.begin_charge(None, after_expiry());

    assert_eq!(first, again);
    let event = payment.settle_charge(ChargeAnswer::Approved, after_expiry());
    assert!(matches!(event, Ok(Some(PaymentEvent::Charged { .. }))));
}

#[test]
fn an_answer_without_a_question_is_an_error() {
    let mut payment = due();

    let settled = payment.settle_charge(ChargeAnswer::Approved, noon());

    assert_eq!(settled, Err(PaymentError::NeverBegun));
}

#[test]
fn store_credit_is_charged_up_to_its_limit() {
    let (mut payment, mut account) = (due_on_credit(), adas_credit(1_950));

    let event = payment.charge_credit(&mut account, noon());

    let charged = PaymentEvent::Charged { method: MethodSummary::StoreCredit, at: noon() };
    assert_eq!(event, Ok(Some(charged)));
    assert_eq!(account.used(), total());
    assert_eq!(payment.charge_credit(&mut account, noon()), Ok(None));
    assert_eq!(account.used(), total());
}

#[test]
fn store_credit_past_its_limit_fails_the_payment_and_uses_nothing() {
    let (mut payment, mut account) = (due_on_credit(), adas_credit(1_949));

    let event = payment.charge_credit(&mut account, noon());

    assert_eq!(event, Ok(Some(failed(FailureReason::CreditLimitExceeded))));
    assert_eq!(account.used().minor, 0);
}

#[test]
fn each_method_is_charged_in_its_own_way_only() {
    let (mut card, mut credit) = (due(), due_on_credit());

    let card_as_credit = card.charge_credit(&mut adas_credit(9_999), noon());
    let credit_as_card = credit.begin_charge(Some(&adas_card()), noon());

    assert_eq!(card_as_credit, Err(PaymentError::OtherMethod));
    assert_eq!(credit_as_card, Err(PaymentError::OtherMethod));
}
