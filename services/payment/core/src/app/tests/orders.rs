//! The saga's money, row by row, without a stop.

use chrono::TimeDelta;

use super::world::*;
use crate::app::PaymentsError;
use crate::domain::*;

fn approving() -> World {
    World::by_card(ChargeAnswer::Approved, RefundAnswer::Refunded)
}

#[test]
fn a_placed_order_is_charged_once_however_often_it_is_told() {
    let shop = approving();

    for _ in 0..3 {
        shop.place().unwrap();
        shop.work();
    }

    assert_eq!((shop.told(), shop.moves()), (vec!["charged"], (1, 0)));
}

#[test]
fn a_cancellation_before_its_order_means_no_charge() {
    let shop = approving();

    shop.cancel().unwrap();
    shop.place().unwrap();
    shop.work();

    assert_eq!((shop.told(), shop.moves()), (vec![], (0, 0)));
    assert_eq!(shop.state(), Some(State::Withdrawn));
}

#[test]
fn a_cancelled_order_is_refunded_once() {
    let shop = approving();
    shop.place().unwrap();
    shop.work();

    for _ in 0..3 {
        shop.cancel().unwrap();
        shop.work();
    }

    assert_eq!((shop.told(), shop.moves()), (vec!["charged", "refunded"], (1, 1)));
}

#[test]
fn a_provider_that_is_away_is_asked_again_and_never_a_failure() {
    let shop = approving();
    shop.place().unwrap();
    *shop.provider.is_down.lock().unwrap() = true;
    shop.work();
    let told_meanwhile = shop.told();

    *shop.provider.is_down.lock().unwrap() = false;
    shop.clock.advance(TimeDelta::minutes(60));
    shop.work();

    assert_eq!(told_meanwhile, Vec::<&str>::new());
    assert_eq!((shop.told(), shop.moves()), (vec!["charged"], (1, 0)));
}

#[test]
fn a_charge_not_begun_when_the_order_expires_never_begins() {
    let shop = approving();
    shop.place().unwrap();

    shop.clock.advance(TimeDelta::minutes(16));
    shop.work();

    assert_eq!((shop.told(), shop.moves()), (vec!["failed"], (0, 0)));
}

#[test]
fn a_refused_refund_is_parked_and_an_operator_can_settle_it() {
    let shop = World::by_card(ChargeAnswer::Approved, refused());
    shop.place().unwrap();
    shop.work();
    shop.cancel().unwrap();
    shop.work();
    let parked = (shop.told(), shop.provider.refunds.lock().unwrap().len());

    *shop.provider.refund.lock().unwrap() = RefundAnswer::Refunded;
    let id = payment_of(shop.bill.order);
    complete(shop.payments.retry_refund(&shop.books, id)).unwrap();
    shop.work();

    assert_eq!(parked, (vec!["charged", "parked"], 3));
    assert_eq!((shop.told().last(), shop.moves()), (Some(&"refunded"), (1, 1)));
}

#[test]
fn store_credit_is_used_and_given_back() {
    let shop = World::on_credit();
    shop.place().unwrap();
    shop.work();
    let used = shop.credit_used();

    shop.cancel().unwrap();
    shop.work();

    assert_eq!((used, shop.credit_used()), (1_950, 0));
    assert_eq!(shop.told(), ["charged", "refunded"]);
}

#[test]
fn a_decision_is_made_again_when_somebody_was_faster_but_not_for_ever() {
    let shop = approving();
    shop.books.0.lock().unwrap().conflicts_to_come = 3;
    let patient = shop.place();
    shop.books.0.lock().unwrap().conflicts_to_come = 1_000;
    let hopeless = shop.cancel();

    assert!(patient.is_ok() && shop.work_due() == Some(Work::Charge));
    assert!(matches!(hopeless, Err(PaymentsError::Contended(_))));
}

#[test]
fn work_for_a_parked_refund_opened_by_hand_is_a_retry() {
    let shop = World::by_card(ChargeAnswer::Approved, refused());
    shop.place().unwrap();
    shop.work();
    shop.cancel().unwrap();
    shop.work();

    *shop.provider.refund.lock().unwrap() = RefundAnswer::Refunded;
    complete(shop.attempt(Work::Refund)).unwrap();

    assert_eq!((shop.told().last(), shop.moves()), (Some(&"refunded"), (1, 1)));
}
