use proptest::prelude::*;

use super::*;
use crate::domain::stored::{Recorded, Snapshot, Stored, StoredEvent};
use crate::fixtures::*;

const OWNER: CartOwner = CartOwner::Customer(ADA);
const GUEST_CART: CartId = CartId::from_uuid(uuid::Uuid::from_u128(7));

fn given(history: impl IntoIterator<Item = CartEvent>) -> Cart {
    let history: Vec<_> = [Cart::open(CART, OWNER, at(0))].into_iter().chain(history).collect();
    Cart::replay(&history).unwrap().unwrap()
}

fn guest_cart(history: impl IntoIterator<Item = CartEvent>) -> Cart {
    let opened = Cart::open(GUEST_CART, CartOwner::Guest(VISITOR), at(0));
    let history: Vec<_> = [opened].into_iter().chain(history).collect();
    Cart::replay(&history).unwrap().unwrap()
}

fn has(product: ProductId, count: u32) -> CartEvent {
    CartEvent::QuantitySet { product, quantity: quantity(count) }
}

fn checked_out() -> CartEvent {
    CartEvent::CheckedOut { order: ORDER }
}

#[test]
fn a_product_gets_the_quantity_it_is_given() {
    let cart = given([has(BLUE_MUG, 1)]);

    assert_eq!(cart.set(BLUE_MUG, quantity(5)), Ok(Some(has(BLUE_MUG, 5))));
    assert_eq!(cart.set(BLUE_MUG, quantity(1)), Ok(None));
}

#[test]
fn adding_stops_at_the_most_a_line_may_hold() {
    let cart = given([has(BLUE_MUG, 98)]);

    assert_eq!(cart.add(BLUE_MUG, quantity(5)), Ok(Some(has(BLUE_MUG, 99))));
    assert_eq!(given([has(BLUE_MUG, 99)]).add(BLUE_MUG, quantity(5)), Ok(None));
}

#[test]
fn removing_what_is_not_in_changes_nothing() {
    let cart = given([has(BLUE_MUG, 1)]);

    assert_eq!(cart.remove(BLUE_MUG), Ok(Some(CartEvent::LineRemoved { product: BLUE_MUG })));
    assert_eq!(cart.remove(RED_BOWL), Ok(None));
}

#[test]
fn a_cart_takes_a_hundred_products_and_no_more() {
    let cart = given((0..100).map(|_| has(ProductId::generate(), 1)));

    assert_eq!(cart.add(BLUE_MUG, quantity(1)), Err(CartError::Full));
}

#[test]
fn a_cart_that_has_ended_takes_nothing_more() {
    let cart = given([has(BLUE_MUG, 1), checked_out()]);

    let ended = CartError::Ended(End::CheckedOut { order: ORDER });
    assert_eq!(cart.set(BLUE_MUG, quantity(2)), Err(ended));
    assert_eq!(cart.remove(BLUE_MUG), Err(ended));
    assert_eq!(cart.check_out(ORDER), Err(ended));
    assert_eq!(cart.merge_into(CART), Err(ended));
}

#[test]
fn an_empty_cart_cannot_be_checked_out() {
    let cart = given([has(BLUE_MUG, 1), CartEvent::LineRemoved { product: BLUE_MUG }]);

    assert_eq!(cart.check_out(ORDER), Err(CartError::Empty));
}

#[test]
fn a_merge_adds_quantities_up_to_the_most_a_line_may_hold() {
    let cart = given([has(BLUE_MUG, 60)]);
    let guest = guest_cart([has(BLUE_MUG, 60), has(RED_BOWL, 2)]);

    let merged = cart.merge_from(&guest).unwrap().unwrap();

    let cart = Cart::evolve(Some(cart), &merged).unwrap();
    let lines: Vec<_> =
        cart.lines().iter().map(|line| (line.product, line.quantity.get())).collect();
    assert_eq!(lines, [(BLUE_MUG, 99), (RED_BOWL, 2)]);
}

#[test]
fn a_guest_cart_is_merged_once() {
    let cart = given([]);
    let guest = guest_cart([has(BLUE_MUG, 1)]);
    let merged = cart.merge_from(&guest).unwrap().unwrap();
    let cart = Cart::evolve(Some(cart), &merged).unwrap();

    assert_eq!(cart.merge_from(&guest), Ok(None));
}

#[test]
fn a_merge_never_fills_a_cart_beyond_what_it_takes() {
    let cart = given((0..99).map(|_| has(ProductId::generate(), 1)));
    let guest = guest_cart([has(BLUE_MUG, 1), has(RED_BOWL, 1)]);

    let merged = cart.merge_from(&guest).unwrap().unwrap();

    let cart = Cart::evolve(Some(cart), &merged).unwrap();
    assert_eq!(cart.lines().len(), Cart::MAX_LINES);
}

fn steps() -> impl Strategy<Value = Vec<(u8, u32, bool)>> {
    prop::collection::vec((0_u8..6, 1_u32..=99, any::<bool>()), 0..80)
}

fn product(number: u8) -> ProductId {
    ProductId::from_uuid(uuid::Uuid::from_u128(u128::from(number)))
}

fn played(steps: &[(u8, u32, bool)]) -> (Vec<CartEvent>, Cart) {
    let mut history = vec![Cart::open(CART, OWNER, at(0))];
    let mut cart = Cart::replay(&history).unwrap().unwrap();
    for (number, count, adds) in steps {
        let product = product(*number);
        let decided = match (adds, count % 5) {
            (_, 0) => cart.remove(product).unwrap(),
            (true, _) => cart.add(product, quantity(*count)).unwrap(),
            (false, _) => cart.set(product, quantity(*count)).unwrap(),
        };
        if let Some(event) = decided {
            cart = Cart::evolve(Some(cart), &event).unwrap();
            history.push(event);
        }
    }
    (history, cart)
}

proptest! {
    #[test]
    fn replay_equals_the_fold_made_along_the_way(steps in steps()) {
        let (history, cart) = played(&steps);

        prop_assert_eq!(Cart::replay(&history).unwrap(), Some(cart));
    }

    #[test]
    fn a_snapshot_anywhere_equals_the_full_replay(steps in steps(), cut in 1_usize..80) {
        let (history, cart) = played(&steps);
        let cut = cut.min(history.len());
        let recorded: Vec<_> = (1..).zip(&history).map(|(version, event)| Recorded {
            version, at: at(0), cause: None, traceparent: None, event: StoredEvent::encode(event).unwrap(),
        }).collect();

        let before = Cart::replay(&history[..cut]).unwrap().unwrap();
        let snapshot = Some(Snapshot::take(&before, cut as u64).unwrap());
        let present = Stored { snapshot, events: recorded[cut..].to_vec() }.rebuild::<Cart>().unwrap();

        prop_assert_eq!(present.state, Some(cart));
    }

    #[test]
    fn a_cart_has_one_line_per_product(steps in steps()) {
        let (_, cart) = played(&steps);

        let mut products: Vec<_> = cart.lines().iter().map(|line| line.product).collect();
        let all = products.len();
        products.sort_unstable();
        products.dedup();
        prop_assert_eq!(products.len(), all);
    }
}
