use shop_kernel::{Currency, Money, ProductId};

use super::support::*;
use crate::app::change_cart::{CartAct, ChangeCartError};
use crate::app::merge::MergeCarts;
use crate::domain::cart_event::CartOwner;
use crate::fixtures::*;
use crate::ports::{Cause, ListedProduct};

const ADAS: CartOwner = CartOwner::Customer(ADA);
const VISITORS: CartOwner = CartOwner::Guest(VISITOR);

fn merge(shop: &Shop) {
    let command = MergeCarts { guest: VISITOR, customer: ADA, cause: Cause::default() };
    now(shop.carts.merge(&command)).unwrap();
}

fn contents(shop: &Shop, owner: CartOwner) -> Vec<(ProductId, u32)> {
    let view = shop.cart_of(owner);
    view.lines.iter().map(|viewed| (viewed.line.product, viewed.line.quantity.get())).collect()
}

#[test]
fn the_first_thing_put_in_opens_a_cart() {
    let shop = shop();

    shop.puts(VISITORS, BLUE_MUG, CartAct::Add(quantity(2))).unwrap();
    shop.puts(VISITORS, BLUE_MUG, CartAct::Add(quantity(1))).unwrap();

    assert_eq!(contents(&shop, VISITORS), [(BLUE_MUG, 3)]);
    assert_eq!(shop.cart_of(VISITORS).version, 3);
}

#[test]
fn taking_out_of_a_cart_that_does_not_exist_changes_nothing() {
    let shop = shop();

    shop.puts(ADAS, BLUE_MUG, CartAct::Remove).unwrap();

    assert_eq!(shop.cart_of(ADAS).cart, None);
}

#[test]
fn a_cart_shows_what_its_things_cost_today_in_every_currency() {
    let shop = shop();
    shop.adas_cart();

    let view = shop.cart_of(ADAS);

    assert_eq!(view.totals, [Money::new(55_900, Currency::Krw), usd(4_300)]);
    assert_eq!(view.lines[0].listed.as_ref().unwrap().version, 3);
}

#[test]
fn a_cart_with_something_not_on_sale_shows_no_total() {
    let shop = shop();
    shop.adas_cart();
    let mug = ListedProduct { on_sale: false, ..listed(BLUE_MUG, "Blue mug", 1_250, 4) };
    shop.lists([mug, listed(RED_BOWL, "Red bowl", 1_800, 1)]);

    let view = shop.cart_of(ADAS);

    assert_eq!(view.totals, []);
    assert_eq!(view.lines.len(), 2);
}

#[test]
fn what_is_not_on_sale_cannot_be_put_in_but_taken_out() {
    let shop = shop();
    shop.adas_cart();
    shop.lists([]);

    let refused = shop.puts(ADAS, BLUE_MUG, CartAct::Set(quantity(3)));
    let removed = shop.puts(ADAS, BLUE_MUG, CartAct::Remove);

    assert!(matches!(refused, Err(ChangeCartError::NotOnSale(_))), "{refused:?}");
    assert!(removed.is_ok(), "{removed:?}");
}

#[test]
fn a_guests_cart_goes_into_the_customers_once() {
    let shop = shop();
    shop.puts(ADAS, BLUE_MUG, CartAct::Set(quantity(60))).unwrap();
    shop.puts(VISITORS, BLUE_MUG, CartAct::Set(quantity(60))).unwrap();
    shop.puts(VISITORS, RED_BOWL, CartAct::Set(quantity(1))).unwrap();

    merge(&shop);
    merge(&shop);

    assert_eq!(contents(&shop, ADAS), [(BLUE_MUG, 99), (RED_BOWL, 1)]);
    assert_eq!(shop.cart_of(VISITORS).cart, None);
}

#[test]
fn a_merge_opens_a_cart_for_a_customer_without_one() {
    let shop = shop();
    shop.puts(VISITORS, RED_BOWL, CartAct::Set(quantity(1))).unwrap();

    merge(&shop);

    assert_eq!(contents(&shop, ADAS), [(RED_BOWL, 1)]);
}

#[test]
fn a_merge_without_a_guest_cart_changes_nothing() {
    let shop = shop();

    merge(&shop);

    assert_eq!(shop.cart_of(ADAS).cart, None);
}

#[test]
fn after_the_checkout_the_next_thing_opens_a_new_cart() {
    let shop = shop();
    let cart = shop.adas_cart();
    shop.place(&shop.checkout(cart)).unwrap();

    shop.puts(ADAS, BLUE_MUG, CartAct::Add(quantity(1))).unwrap();

    assert_ne!(shop.cart_of(ADAS).cart, Some(cart));
    assert_eq!(contents(&shop, ADAS), [(BLUE_MUG, 1)]);
}

#[test]
fn snapshots_are_kept_as_the_stream_grows_and_change_nothing() {
    let shop = shop();

    for _ in 0..12 {
        shop.puts(ADAS, BLUE_MUG, CartAct::Add(quantity(1))).unwrap();
    }

    assert_eq!(contents(&shop, ADAS), [(BLUE_MUG, 12)]);
    let kept = shop.store.kept();
    assert_eq!(kept.snapshots.values().map(|snapshot| snapshot.version).max(), Some(10));
}
