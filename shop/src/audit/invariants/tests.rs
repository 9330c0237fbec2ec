//! Each invariant notices what it is there to notice.

use shop_kernel::{Currency, PaymentId, ProductId, Quantity};

use super::super::books::{DeadLetter, Product, Reservation};
use super::*;

const PRICE: i64 = 1_500;

fn money(minor: i64) -> Money {
    Money::new(minor, Currency::Usd)
}

/// A shop with one confirmed order and one that was charged, cancelled and refunded.
struct Shop {
    books: Books,
    confirmed: OrderId,
    cancelled: OrderId,
}

impl Shop {
    fn sound() -> Self {
        let (confirmed, cancelled) = (OrderId::generate(), OrderId::generate());
        let product = ProductId::generate();
        let lines = vec![StockLine { product, quantity: Quantity::new(2).unwrap() }];
        let mut books = Books::default();
        for (order, status, state) in
            [(confirmed, "confirmed", "reserved"), (cancelled, "cancelled", "released")]
        {
            let refunded = if status == "cancelled" { PRICE } else { 0 };
            let payment = PaymentId::generate();
            let (status, state) = (status.to_owned(), state.to_owned());
            let kept = Order { order, status, total: money(PRICE), lines: lines.clone() };
            books.orders.insert(order, kept);
            books.reservations.insert(order, Reservation { order, state, lines: lines.clone() });
            let (currency, method) = (Some(Currency::Usd), Some("card".to_owned()));
            let (charged, parked) = (PRICE, 0);
            let paid = Payment { payment, order, currency, method, charged, refunded, parked };
            books.payments.insert(order, paid);
            let key = payment.to_string();
            books.ledger.push(Entry::Charged { key: key.clone(), amount: money(PRICE) });
            if refunded > 0 {
                books.ledger.push(Entry::Refunded { charge: key, amount: money(PRICE) });
            }
            books.documents.insert(order, format!("digest of {order}"));
            books.folded.insert(order, format!("digest of {order}"));
            books.mails.insert((order, "receipt".to_owned()), 1);
        }
        books.products.insert(product, Product { product, adjusted: 10, available: 8, held: 2 });
        Self { books, confirmed, cancelled }
    }

    fn payment(&mut self, order: OrderId) -> &mut Payment {
        self.books.payments.get_mut(&order).unwrap()
    }

    fn broken(&self) -> Vec<u8> {
        check(&self.books).into_iter().filter(|v| !v.holds()).map(|v| v.number).collect()
    }
}

#[test]
fn a_sound_shop_passes() {
    let shop = Shop::sound();

    assert_eq!(shop.broken(), [0; 0]);
}

#[test]
fn an_undecided_order_is_found() {
    let mut shop = Shop::sound();
    shop.books.orders.get_mut(&shop.cancelled).unwrap().status = "placed".to_owned();

    assert_eq!(shop.broken(), [1]);
}

#[test]
fn a_confirmed_order_without_its_charge_is_found() {
    let mut shop = Shop::sound();
    let order = shop.confirmed;
    shop.payment(order).charged = 0;

    assert_eq!(shop.broken(), [2, 4]);
}

#[test]
fn a_charge_that_is_not_the_total_is_found() {
    let mut shop = Shop::sound();
    shop.books.orders.get_mut(&shop.confirmed).unwrap().total = money(PRICE + 1);

    assert_eq!(shop.broken(), [2]);
}

#[test]
fn a_confirmed_order_that_is_not_held_is_found() {
    let mut shop = Shop::sound();
    shop.books.reservations.get_mut(&shop.confirmed).unwrap().state = "released".to_owned();

    assert_eq!(shop.broken(), [2, 4]);
}

#[test]
fn a_cancelled_order_that_keeps_the_money_is_found() {
    let mut shop = Shop::sound();
    let order = shop.cancelled;
    shop.payment(order).refunded = 0;

    assert_eq!(shop.broken(), [2, 3, 4]);
}

#[test]
fn a_parked_refund_is_noted_and_is_no_violation() {
    let mut shop = Shop::sound();
    let order = shop.cancelled;
    let payment = shop.payment(order);
    (payment.refunded, payment.parked) = (0, PRICE);
    shop.books.ledger.retain(|entry| matches!(entry, Entry::Charged { .. }));

    let verdicts = check(&shop.books);

    assert!(verdicts.iter().all(Verdict::holds), "{verdicts:?}");
    assert_eq!(verdicts[2].noted.len(), 1);
}

#[test]
fn a_cancelled_order_that_is_still_held_is_found() {
    let mut shop = Shop::sound();
    shop.books.reservations.get_mut(&shop.cancelled).unwrap().state = "reserved".to_owned();

    assert_eq!(shop.broken(), [3, 4]);
}

#[test]
fn stock_that_appears_from_nowhere_is_found() {
    let mut shop = Shop::sound();
    shop.books.products.values_mut().for_each(|product| product.available += 1);

    assert_eq!(shop.broken(), [4]);
}

#[test]
fn a_second_charge_at_the_provider_is_found() {
    let mut shop = Shop::sound();
    let again = shop.books.ledger[0].clone();
    shop.books.ledger.push(again);

    assert_eq!(shop.broken(), [4]);
}

#[test]
fn a_charge_nobody_ordered_is_found() {
    let mut shop = Shop::sound();
    let entry = Entry::Charged { key: "pay_stranger".to_owned(), amount: money(1) };
    shop.books.ledger.push(entry);

    assert_eq!(shop.broken(), [4]);
}

#[test]
fn doubled_keys_and_broken_streams_are_found() {
    let mut shop = Shop::sound();
    shop.books.broken_streams.push("ord_1 has no version 2".to_owned());

    assert_eq!(shop.broken(), [5]);
}

#[test]
fn a_read_model_that_lacks_or_shows_too_much_is_found() {
    let mut lacking = Shop::sound();
    lacking.books.documents.remove(&lacking.confirmed);
    let mut wrong = Shop::sound();
    wrong.books.documents.insert(wrong.confirmed, "something else".to_owned());
    let mut invented = Shop::sound();
    invented.books.documents.insert(OrderId::generate(), String::new());
    let mut unpublished = Shop::sound();
    unpublished.books.folded.remove(&unpublished.confirmed);
    unpublished.books.documents.remove(&unpublished.confirmed);

    for shop in [lacking, wrong, invented, unpublished] {
        assert_eq!(shop.broken(), [6]);
    }
}

#[test]
fn dead_letters_are_noted_with_their_reason_and_two_mails_are_found() {
    let mut shop = Shop::sound();
    let (queue, message) = ("email.notices".to_owned(), uuid::Uuid::nil());
    let reason = "not an envelope".to_owned();
    shop.books.dead.push(DeadLetter { queue, message, reason });
    assert_eq!(shop.broken(), [0; 0]);
    shop.books.mails.values_mut().for_each(|times| *times = 2);

    assert_eq!(shop.broken(), [7]);
}
