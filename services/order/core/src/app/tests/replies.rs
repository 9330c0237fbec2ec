use shop_contracts::order::{CancelReason, OrderCancelled, OrderConfirmed};
use shop_contracts::payment::FailureReason;
use shop_kernel::OrderId;

use super::support::*;
use crate::app::cancel::{CancelOrder, CancelOrderError};
use crate::app::find::{FindOrderError, Viewer};
use crate::app::record_reply::{RecordReplyError, SagaReply};
use crate::domain::order::Status;
use crate::fixtures::*;
use crate::ports::{Cause, Overdue, Until};

fn reason(shop: &Shop, order: OrderId) -> Option<CancelReason> {
    match shop.order(order).status() {
        Status::Cancelled { reason, .. } => Some(reason),
        Status::Provisional | Status::Confirmed { .. } => None,
    }
}

fn cancel(shop: &Shop, order: OrderId) -> Result<Status, CancelOrderError> {
    let command = CancelOrder { order, customer: ADA, cause: Cause::default() };
    now(shop.orders.cancel(&command)).map(|order| order.status())
}

#[test]
fn both_successes_confirm_and_are_announced_with_their_cause() {
    let shop = shop();
    let order = shop.adas_order();
    shop.hears(order, paid(usd(4_300))).unwrap();

    let reserved = delivery(order);
    shop.receives(order, SagaReply::StockReserved, reserved.clone()).unwrap();

    let told = shop.published::<OrderConfirmed>();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].version, 4);
    assert_eq!(told[0].causation_id, Some(reserved.envelope.id));
    assert_eq!(told[0].traceparent, reserved.envelope.traceparent);
}

#[test]
fn the_first_failure_cancels_and_the_second_changes_nothing() {
    let shop = shop();
    let order = shop.adas_order();
    let declined = SagaReply::PaymentFailed { payment: PAYMENT, reason: FailureReason::Declined };

    shop.hears(order, declined).unwrap();
    shop.hears(order, SagaReply::StockRejected { short: vec![] }).unwrap();

    assert_eq!(reason(&shop, order), Some(CancelReason::PaymentFailed));
    assert_eq!(shop.published::<OrderCancelled>().len(), 1);
}

#[test]
fn a_message_that_comes_twice_is_noted_once() {
    let shop = shop();
    let order = shop.adas_order();
    let reserved = delivery(order);

    shop.receives(order, SagaReply::StockReserved, reserved.clone()).unwrap();
    shop.receives(order, SagaReply::StockReserved, reserved).unwrap();

    assert_eq!(shop.store.kept().received.len(), 1);
    let found = now(shop.orders.find(order, Viewer::Staff, Until::Now)).unwrap();
    assert_eq!(found.version(), 2);
}

#[test]
fn an_answer_to_an_order_nobody_placed_is_an_error() {
    let shop = shop();

    let unknown = shop.hears(ORDER, SagaReply::StockReserved);

    assert!(matches!(unknown, Err(RecordReplyError::UnknownOrder(_))), "{unknown:?}");
}

#[test]
fn an_overdue_order_is_cancelled_once() {
    let shop = shop();
    let order = shop.adas_order();
    let overdue = Overdue { order, traceparent: Some("00-a-b-01".to_owned()) };

    let early = now(shop.orders.time_out(&overdue)).unwrap();
    shop.minutes_pass(15);
    let late = now(shop.orders.time_out(&overdue)).unwrap();
    let again = now(shop.orders.time_out(&overdue)).unwrap();

    assert_eq!([early, late, again], [false, true, false]);
    assert_eq!(reason(&shop, order), Some(CancelReason::TimedOut));
    let told = shop.published::<OrderCancelled>();
    assert_eq!(told[0].traceparent.as_deref(), Some("00-a-b-01"));
}

#[test]
fn a_confirmed_order_is_cancelled_within_the_window_and_not_after() {
    let shop = shop();
    let (early, late) = (shop.adas_order(), {
        let cart = shop.adas_cart();
        let mut command = shop.checkout(cart);
        command.key = key("key-2", "body-2");
        shop.place(&command).unwrap().order
    });
    for order in [early, late] {
        shop.hears(order, paid(usd(4_300))).unwrap();
        shop.hears(order, SagaReply::StockReserved).unwrap();
    }

    shop.minutes_pass(29);
    let in_time = cancel(&shop, early).unwrap();
    shop.minutes_pass(2);
    let too_late = cancel(&shop, late);

    assert!(matches!(in_time, Status::Cancelled { .. }));
    assert!(matches!(too_late, Err(CancelOrderError::Refused(_))), "{too_late:?}");
    assert!(shop.published::<OrderCancelled>()[0].data.was_confirmed);
}

#[test]
fn an_order_of_someone_else_cannot_be_cancelled_or_seen() {
    let shop = shop();
    let order = shop.adas_order();

    let command = CancelOrder { order, customer: HARU, cause: Cause::default() };
    let cancelled = now(shop.orders.cancel(&command));
    let found = now(shop.orders.find(order, Viewer::Customer(HARU), Until::Now));

    assert!(matches!(cancelled, Err(CancelOrderError::UnknownOrder(_))), "{cancelled:?}");
    assert!(matches!(found, Err(FindOrderError::UnknownOrder(_))), "{found:?}");
}

#[test]
fn an_order_is_shown_as_of_a_version_or_a_time() {
    let shop = shop();
    let order = shop.adas_order();
    shop.minutes_pass(5);
    shop.hears(order, SagaReply::StockRejected { short: vec![] }).unwrap();

    let by_version = now(shop.orders.find(order, Viewer::Staff, Until::Version(1))).unwrap();
    let by_time = now(shop.orders.find(order, Viewer::Staff, Until::Time(at(1)))).unwrap();
    let too_early = now(shop.orders.find(order, Viewer::Staff, Until::Time(at(-1))));

    assert_eq!(by_version.order.status(), Status::Provisional);
    assert_eq!(by_time.order, by_version.order);
    assert!(matches!(too_early, Err(FindOrderError::UnknownOrder(_))), "{too_early:?}");
    assert_eq!(reason(&shop, order), Some(CancelReason::OutOfStock));
}
