use serde_json::{Value, json};

use crate::domain::cart_event::{CartEvent, CartLine, CartOwner};
use crate::domain::history::{CorruptHistory, Event};
use crate::domain::order_event::{OrderEvent, Shortage};
use crate::domain::stored::StoredEvent;
use crate::fixtures::*;

/// As the first release wrote it.
const PLACED_1: &str = include_str!("../../../golden/placed.v1.json");
/// Every event in the form written today.
const ORDER_EVENTS: &str = include_str!("../../../golden/order-events.json");
const CART_EVENTS: &str = include_str!("../../../golden/cart-events.json");

#[test]
fn a_placement_of_the_first_form_reads_like_one_of_today() {
    let data = serde_json::from_str(PLACED_1).unwrap();
    let old = StoredEvent { kind: "placed".to_owned(), schema: 1, data };

    let event: OrderEvent = old.decode().unwrap();

    assert_eq!(event, OrderEvent::Placed(Box::new(placement())));
}

#[test]
fn a_damaged_old_placement_is_corrupt_and_never_guessed() {
    for data in [json!([]), json!({}), json!({"currency": "USD", "lines": [{}]})] {
        let old = StoredEvent { kind: "placed".to_owned(), schema: 1, data };

        let error = old.decode::<OrderEvent>().unwrap_err();

        assert!(matches!(error, CorruptHistory::Unreadable { .. }), "{error:?}");
    }
}

#[test]
fn forms_that_were_never_written_are_corrupt() {
    for (kind, schema) in [("placed", 0), ("placed", 3), ("confirmed", 2)] {
        let event = StoredEvent { kind: kind.to_owned(), schema, data: json!({}) };

        let error = event.decode::<OrderEvent>().unwrap_err();

        assert!(matches!(error, CorruptHistory::UnknownForm { .. }), "{error:?}");
    }
}

#[test]
fn order_events_are_kept_in_the_form_they_always_had() {
    use shop_contracts::order::CancelReason;
    use shop_contracts::payment::FailureReason;
    let short = vec![Shortage { product: BLUE_MUG, requested: quantity(2), available: 1 }];
    let events = [
        OrderEvent::Placed(Box::new(placement())),
        OrderEvent::PaymentProcessed { payment: PAYMENT, at: at(1) },
        OrderEvent::PaymentFailed {
            payment: PAYMENT,
            reason: FailureReason::InsufficientFunds,
            at: at(1),
        },
        OrderEvent::StockReserved { at: at(1) },
        OrderEvent::StockRejected { short, at: at(1) },
        OrderEvent::Confirmed { at: at(2), cancellable_until: at(32) },
        OrderEvent::Cancelled { reason: CancelReason::ByCustomer, was_confirmed: true, at: at(3) },
    ];

    keep_their_form(&events, ORDER_EVENTS);
}

#[test]
fn cart_events_are_kept_in_the_form_they_always_had() {
    let line = CartLine { product: BLUE_MUG, quantity: quantity(2) };
    let events = [
        CartEvent::Opened { cart: CART, owner: CartOwner::Customer(ADA), at: at(0) },
        CartEvent::Opened { cart: CART, owner: CartOwner::Guest(VISITOR), at: at(0) },
        CartEvent::QuantitySet { product: BLUE_MUG, quantity: quantity(2) },
        CartEvent::LineRemoved { product: BLUE_MUG },
        CartEvent::MergedFrom { cart: CART, lines: vec![line] },
        CartEvent::MergedInto { cart: CART },
        CartEvent::CheckedOut { order: ORDER },
    ];

    keep_their_form(&events, CART_EVENTS);
}

fn keep_their_form<E: Event + PartialEq + std::fmt::Debug>(events: &[E], golden: &str) {
    let stored: Vec<_> = events.iter().map(|event| StoredEvent::encode(event).unwrap()).collect();
    let written: Vec<Value> = stored
        .iter()
        .map(|event| json!({"kind": event.kind, "schema": event.schema, "data": event.data}))
        .collect();

    assert_eq!(Value::from(written), serde_json::from_str::<Value>(golden).unwrap());

    for (event, stored) in events.iter().zip(stored) {
        assert_eq!(stored.data["type"], stored.kind);
        assert_eq!(&stored.decode::<E>().unwrap(), event);
    }
}
