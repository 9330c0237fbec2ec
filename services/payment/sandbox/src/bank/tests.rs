//! The bank's answers.

use shop_kernel::Currency;

use super::*;
use crate::card::CardNumber;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::Usd)
}

fn bank_with(number: &str) -> Bank {
    let mut bank = Bank::default();
    let card = CardNumber::typed(number).look_up().unwrap();
    bank.apply(&Entry::Token { token: "tok_ada".to_owned(), card });
    bank
}

fn the_charge() -> ChargeOrder {
    ChargeOrder {
        key: "pay_1".to_owned(),
        token: "tok_ada".to_owned(),
        amount: usd(1_950),
        reference: "ord_1".to_owned(),
    }
}

fn a_refund(key: &str, minor: i64) -> RefundOrder {
    RefundOrder { key: key.to_owned(), charge: "pay_1".to_owned(), amount: usd(minor) }
}

fn charge(bank: &mut Bank) -> ChargeStatus {
    match bank.decide_charge(the_charge()).unwrap() {
        Decision::Known(charge) => charge.status,
        Decision::New(charge) => {
            bank.apply(&Entry::Charge(charge.clone()));
            charge.status
        }
    }
}

fn refund(bank: &mut Bank, order: RefundOrder) -> Result<RefundStatus, BankError> {
    Ok(match bank.decide_refund(order)? {
        Decision::Known(refund) => refund.status,
        Decision::New(refund) => {
            bank.apply(&Entry::Refund(refund.clone()));
            refund.status
        }
    })
}

#[test]
fn each_card_is_charged_as_it_behaves() {
    for (number, status) in [
        ("4242424242424242", ChargeStatus::Approved),
        ("4000000000000002", ChargeStatus::Declined),
        ("4000000000009995", ChargeStatus::InsufficientFunds),
        ("4000000000000341", ChargeStatus::CardError),
        ("4000000000006975", ChargeStatus::Approved),
        ("4000000000005126", ChargeStatus::Approved),
    ] {
        assert_eq!(charge(&mut bank_with(number)), status, "{number}");
    }
}

#[test]
fn a_key_is_answered_the_same_again_and_never_used_for_anything_else() {
    let mut bank = bank_with("4242424242424242");
    charge(&mut bank);

    let again = bank.decide_charge(the_charge());
    let other = bank.decide_charge(ChargeOrder { amount: usd(1), ..the_charge() });

    assert!(matches!(again, Ok(Decision::Known(_))));
    assert_eq!(other, Err(BankError::KeyReused));
}

#[test]
fn no_more_is_given_back_than_was_taken() {
    let mut bank = bank_with("4242424242424242");
    charge(&mut bank);

    let answers = [
        refund(&mut bank, a_refund("ref_1", 1_000)),
        refund(&mut bank, a_refund("ref_1", 1_000)),
        refund(&mut bank, a_refund("ref_2", 951)),
        refund(&mut bank, a_refund("ref_3", 950)),
        refund(&mut bank, a_refund("ref_4", 1)),
    ];

    let (done, too_much) = (Ok(RefundStatus::Refunded), Err(BankError::TooMuch));
    assert_eq!(answers, [done, done, too_much, done, too_much]);
}

#[test]
fn what_took_no_money_gives_none_back() {
    let mut bank = bank_with("4000000000000002");

    let unknown = refund(&mut bank, a_refund("ref_1", 1));
    charge(&mut bank);
    let declined = refund(&mut bank, a_refund("ref_1", 1));

    assert_eq!(unknown, Err(BankError::UnknownCharge));
    assert_eq!(declined, Err(BankError::NothingCharged));
}

#[test]
fn a_refused_refund_stays_refused_under_its_key_and_may_pass_under_the_next() {
    let mut bank = bank_with("4000000000005126");
    charge(&mut bank);
    let before = refund(&mut bank, a_refund("ref_1", 1_950));

    bank.apply(&Entry::RefundsAllowed { charge: "pay_1".to_owned() });
    let same_key = refund(&mut bank, a_refund("ref_1", 1_950));
    let next_key = refund(&mut bank, a_refund("ref_2", 1_950));

    assert_eq!((before, same_key), (Ok(RefundStatus::Refused), Ok(RefundStatus::Refused)));
    assert_eq!(next_key, Ok(RefundStatus::Refunded));
}
