use serde_json::Value;
use shop_contracts::order::CancelReason;
use shop_kernel::OrderId;
use uuid::Uuid;

use super::*;
use crate::domain::history::Aggregate as _;
use crate::fixtures::*;

/// What every consumer of these messages reads in its own tests.
macro_rules! golden {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../crates/shop-contracts/golden/order/",
            $name,
            ".json"
        ))
    };
}

fn cause() -> Cause {
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
    Cause { message: Some(Uuid::from_u128(0xca05e)), traceparent: Some(traceparent) }
}

fn announced(history: &[OrderEvent], cause: &Cause) -> Option<RawEnvelope> {
    let order = Order::replay(history).unwrap().unwrap();
    let (version, event) = (history.len() as u64, history.last().unwrap());
    announce(&order, version, event, cause).unwrap()
}

fn is_golden(envelope: Option<RawEnvelope>, id: u128, golden: &str) {
    let envelope = RawEnvelope { id: Uuid::from_u128(id), ..envelope.unwrap() };
    let told = serde_json::to_value(envelope).unwrap();
    let promised: Value = serde_json::from_str(golden).unwrap();
    assert_eq!(told, promised, "{}", serde_json::to_string_pretty(&told).unwrap());
}

fn placed() -> OrderEvent {
    let replaces = Some(OrderId::from_uuid(Uuid::from_u128(0x01d)));
    OrderEvent::Placed(Box::new(Placed { replaces, ..placement() }))
}

#[test]
fn a_placed_order_is_announced_as_promised() {
    let told = announced(&[placed()], &Cause { message: None, ..cause() });

    is_golden(told, 0xe1, golden!("order.placed.v1"));
}

#[test]
fn a_confirmed_order_is_announced_as_promised() {
    let history = [
        placed(),
        OrderEvent::PaymentProcessed { payment: PAYMENT, at: at(1) },
        OrderEvent::StockReserved { at: at(2) },
        OrderEvent::Confirmed { at: at(2), cancellable_until: at(32) },
    ];

    let told = announced(&history, &cause());

    is_golden(told, 0xe2, golden!("order.confirmed.v1"));
}

#[test]
fn a_cancelled_order_is_announced_as_promised() {
    let reason = CancelReason::OutOfStock;
    let history = [placed(), OrderEvent::Cancelled { reason, was_confirmed: false, at: at(3) }];

    let told = announced(&history, &cause());

    is_golden(told, 0xe3, golden!("order.cancelled.v1"));
}

#[test]
fn what_others_told_us_is_not_told_again() {
    let history = [placed(), OrderEvent::StockReserved { at: at(2) }];

    assert_eq!(announced(&history, &cause()), None);
}
