use shop_contracts::order::{OrderCancelled, OrderPlaced, PaymentMethod};

use super::support::*;
use crate::app::change_cart::CartAct;
use crate::app::place::{PlaceOrder, PlaceOrderError};
use crate::app::record_reply::SagaReply;
use crate::app::reorder::{Reorder, ReorderError};
use crate::app::{PriceChange, PricingError};
use crate::domain::cart::{CartError, End};
use crate::domain::cart_event::CartOwner;
use crate::domain::order::Status;
use crate::fixtures::*;
use crate::ports::{Cause, ListedProduct, Operation, RequestKey, StoreError};

#[test]
fn an_order_is_placed_from_the_cart_at_the_prices_of_the_list() {
    let shop = shop();
    let cart = shop.adas_cart();

    let accepted = shop.place(&shop.checkout(cart)).unwrap();

    let order = shop.order(accepted.order);
    assert_eq!(order.total(), usd(4_300));
    assert_eq!(
        order.placed(),
        &crate::domain::order_event::Placed {
            order: accepted.order,
            cart: Some(cart),
            placed_at: order.placed().placed_at,
            expires_at: order.placed().placed_at + chrono::TimeDelta::minutes(15),
            ..placement()
        }
    );
    assert_eq!(shop.cart_of(CartOwner::Customer(ADA)).cart, None);
}

#[test]
fn a_placed_order_is_announced_once_with_what_others_need() {
    let shop = shop();
    let mut command = shop.checkout(shop.adas_cart());
    command.cause.traceparent = Some("00-a-b-01".to_owned());

    let accepted = shop.place(&command).unwrap();

    let told = shop.published::<OrderPlaced>();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].version, 1);
    assert_eq!(told[0].data.order, accepted.order);
    assert_eq!(told[0].traceparent.as_deref(), Some("00-a-b-01"));
}

#[test]
fn the_same_key_gets_the_same_answer_and_no_second_order() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    let first = shop.place(&command).unwrap();

    let again = shop.place(&command).unwrap();

    assert_eq!(again, first);
    assert_eq!(shop.published::<OrderPlaced>().len(), 1);
}

#[test]
fn the_same_key_with_another_request_is_refused() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    shop.place(&command).unwrap();

    let reused = shop.place(&PlaceOrder { key: key("key-1", "body-2"), ..command });

    assert!(matches!(reused, Err(PlaceOrderError::KeyReused)), "{reused:?}");
}

#[test]
fn refusals_are_not_kept_under_the_key() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    let early = PlaceOrder { cart_version: 2, ..command.clone() };
    shop.place(&early).unwrap_err();

    let placed = shop.place(&command);

    assert!(placed.is_ok(), "{placed:?}");
}

#[test]
fn a_cart_that_is_not_what_was_seen_is_refused_with_both_versions() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    shop.puts(CartOwner::Customer(ADA), BLUE_MUG, CartAct::Add(quantity(1))).unwrap();

    let refused = shop.place(&command);

    let changed = matches!(refused, Err(PlaceOrderError::CartChanged { seen: 3, now: 4 }));
    assert!(changed, "{refused:?}");
}

#[test]
fn a_changed_price_is_refused_with_both_prices_and_the_version() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    shop.lists([listed(BLUE_MUG, "Blue mug", 1_300, 4), listed(RED_BOWL, "Red bowl", 1_800, 1)]);

    let refused = shop.place(&command);

    let Err(PlaceOrderError::Pricing(PricingError::Changed(changes))) = refused else {
        panic!("{refused:?}");
    };
    let (seen, now) = (usd(1_250), usd(1_300));
    assert_eq!(changes, [PriceChange { product: BLUE_MUG, seen, now, price_version: 4 }]);
}

#[test]
fn what_is_not_on_sale_is_refused_by_name() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    let mug = ListedProduct { on_sale: false, ..listed(BLUE_MUG, "Blue mug", 1_250, 4) };
    shop.lists([mug]);

    let refused = shop.place(&command);

    let Err(PlaceOrderError::Pricing(PricingError::NotOnSale(products))) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(products, [BLUE_MUG, RED_BOWL]);
}

#[test]
fn nothing_is_placed_while_the_price_list_is_loading() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    shop.store.kept().listed = None;

    let refused = shop.place(&command);

    let loading = matches!(refused, Err(PlaceOrderError::Pricing(PricingError::Loading)));
    assert!(loading, "{refused:?}");
}

#[test]
fn a_line_whose_price_was_not_seen_is_refused() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());

    let refused = shop.place(&PlaceOrder { seen: seen(&[(BLUE_MUG, 1_250)]), ..command.clone() });
    assert!(refused.is_err(), "{refused:?}");

    let mut command = command;
    command.seen.truncate(0);
    assert!(shop.place(&command).is_err());
}

#[test]
fn a_cart_becomes_one_order_whatever_the_keys() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    let order = shop.place(&command).unwrap().order;

    let second = shop.place(&PlaceOrder { key: key("key-2", "body-1"), ..command });

    let Err(PlaceOrderError::Cart(CartError::Ended(end))) = second else {
        panic!("{second:?}");
    };
    assert_eq!(end, End::CheckedOut { order });
}

#[test]
fn a_cart_of_someone_else_is_answered_like_none() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());

    let key = RequestKey { customer: HARU, ..command.key.clone() };
    let refused = shop.place(&PlaceOrder { key, ..command });

    assert!(matches!(refused, Err(PlaceOrderError::UnknownCart(_))), "{refused:?}");
}

#[test]
fn who_loses_a_race_decides_again() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    *shop.store.conflicts.lock().unwrap() = 3;

    let placed = shop.place(&command);

    assert!(placed.is_ok(), "{placed:?}");
}

#[test]
fn who_loses_every_race_is_told_so_in_the_end() {
    let shop = shop();
    let command = shop.checkout(shop.adas_cart());
    *shop.store.conflicts.lock().unwrap() = usize::MAX;

    let placed = shop.place(&command);

    let conflict = matches!(placed, Err(PlaceOrderError::Store(StoreError::Conflict)));
    assert!(conflict, "{placed:?}");
}

fn reorder(shop: &Shop) -> Reorder {
    Reorder {
        key: RequestKey { operation: Operation::Reorder, ..key("key-1", "body-9") },
        order: shop.adas_order(),
        payment_method: PaymentMethod::StoreCredit,
        contact: None,
        locale: None,
        seen: None,
        cause: Cause::default(),
    }
}

#[test]
fn a_cancelled_order_is_bought_again_at_todays_prices() {
    let shop = shop();
    let command = reorder(&shop);
    shop.hears(command.order, SagaReply::StockRejected { short: vec![] }).unwrap();
    shop.lists([listed(BLUE_MUG, "Blue mug", 1_000, 4), listed(RED_BOWL, "Red bowl", 1_800, 1)]);

    let accepted = now(shop.orders.reorder(&command)).unwrap();
    let again = now(shop.orders.reorder(&command)).unwrap();

    let order = shop.order(accepted.order);
    assert_eq!(order.placed().replaces, Some(command.order));
    assert_eq!(order.total(), usd(3_800));
    assert_eq!(again, accepted);
    assert_eq!(shop.published::<OrderPlaced>().len(), 2);
    assert_eq!(shop.published::<OrderCancelled>().len(), 1);
    assert!(matches!(shop.order(command.order).status(), Status::Cancelled { .. }));
}

#[test]
fn an_order_that_was_not_cancelled_cannot_be_bought_again() {
    let shop = shop();
    let command = reorder(&shop);

    let refused = now(shop.orders.reorder(&command));

    assert!(matches!(refused, Err(ReorderError::NotCancelled)), "{refused:?}");
}

#[test]
fn an_order_of_someone_else_cannot_be_bought_again() {
    let shop = shop();
    let mut command = reorder(&shop);
    shop.hears(command.order, SagaReply::StockRejected { short: vec![] }).unwrap();
    command.key.customer = HARU;

    let refused = now(shop.orders.reorder(&command));

    assert!(matches!(refused, Err(ReorderError::UnknownOrder(_))), "{refused:?}");
}
