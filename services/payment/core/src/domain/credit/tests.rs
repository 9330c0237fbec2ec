//! Store credit, fact by fact and at random.

use proptest::prelude::*;
use shop_kernel::Currency;

use super::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::Usd)
}

fn adas_account(limit: i64) -> CreditAccount {
    CreditAccount::open(CustomerId::generate(), usd(limit)).unwrap()
}

#[test]
fn a_charge_up_to_the_limit_is_taken() {
    let mut account = adas_account(20_000);

    account.reserve(usd(20_000)).unwrap();

    assert_eq!((account.used(), account.available()), (usd(20_000), usd(0)));
}

#[test]
fn a_charge_past_the_limit_is_refused_and_changes_nothing() {
    let mut account = adas_account(20_000);
    account.reserve(usd(15_000)).unwrap();

    let refused = account.reserve(usd(5_001));

    let expected = CreditError::LimitExceeded { amount: usd(5_001), available: usd(5_000) };
    assert_eq!((refused, account.used()), (Err(expected), usd(15_000)));
}

#[test]
fn more_than_is_used_cannot_be_given_back() {
    let mut account = adas_account(20_000);
    account.reserve(usd(100)).unwrap();

    let refused = account.release(usd(101));

    let expected = CreditError::NotUsed { amount: usd(101), used: usd(100) };
    assert_eq!((refused, account.used()), (Err(expected), usd(100)));
}

#[test]
fn a_limit_lowered_below_what_is_used_stops_further_charges_only() {
    let mut account = adas_account(20_000);
    account.reserve(usd(15_000)).unwrap();

    account.set_limit(usd(10_000)).unwrap();

    assert_eq!(account.available(), usd(0));
    assert!(account.reserve(usd(1)).is_err());
    assert_eq!(account.release(usd(15_000)), Ok(()));
}

#[test]
fn a_limit_is_not_negative_and_keeps_its_currency() {
    let mut account = adas_account(20_000);

    let negative = account.set_limit(usd(-1));
    let won = account.set_limit(Money::new(1, Currency::Krw));

    assert_eq!(negative, Err(CreditError::NegativeLimit));
    assert!(matches!(won, Err(CreditError::Amount(_))));
}

proptest! {
    #[test]
    fn used_is_what_was_taken_and_not_given_back_and_never_passes_the_limit(
        limit in 0_i64..100_000,
        amounts in prop::collection::vec(1_i64..50_000, 0..40),
    ) {
        let mut account = adas_account(limit);
        let mut taken = Vec::new();

        for (turn, amount) in amounts.into_iter().enumerate() {
            if turn % 3 == 2 {
                if let Some(amount) = taken.pop() {
                    prop_assert_eq!(account.release(usd(amount)), Ok(()));
                }
            } else if account.reserve(usd(amount)).is_ok() {
                taken.push(amount);
            }

            prop_assert_eq!(account.used(), usd(taken.iter().sum()));
            prop_assert!(account.used().minor <= limit);
        }
    }
}
