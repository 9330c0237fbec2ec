//! The referee itself: it must see each kind of fault.

use serde_json::json;
use shop_kernel::{CustomerId, OrderId};

use super::{Leniency, judge};
use crate::attempt::{Attempt, Cancelled};
use crate::books::Books;
use crate::client::Try;
use crate::intent::{Intent, Pay};

#[test]
fn a_confirmed_order_that_is_paid_and_told_of_is_right() {
    let attempt = attempt(Intent::PLAIN);
    let books = books(&attempt, "confirmed", None, (500, 0), &["receipt", "confirmation"]);

    assert_eq!(judge(&[attempt], &books, Leniency::None), Vec::<String>::new());
}

#[test]
fn a_lost_order_is_seen() {
    let attempt = attempt(Intent::PLAIN);

    let complaints = judge(&[attempt], &Books::default(), Leniency::None);

    assert!(complaints[0].contains("has lost it"), "{complaints:?}");
}

#[test]
fn a_second_order_for_the_same_key_is_seen() {
    let (told, untold) = (attempt(Intent::PLAIN), attempt(Intent::PLAIN));
    let untold = Attempt { customer: told.customer, ..untold };
    let mut books = books(&told, "confirmed", None, (500, 0), &["receipt", "confirmation"]);
    books.orders.extend(self::books(&untold, "confirmed", None, (500, 0), &[]).orders);

    let complaints = judge(&[told], &books, Leniency::None);

    assert!(complaints[0].contains("nobody was told"), "{complaints:?}");
}

#[test]
fn an_order_that_never_ends_is_seen() {
    let attempt = attempt(Intent::PLAIN);
    let books = books(&attempt, "provisional", None, (0, 0), &[]);

    let complaints = judge(&[attempt], &books, Leniency::None);

    assert!(complaints[0].contains("has not ended"), "{complaints:?}");
}

#[test]
fn money_that_is_kept_for_a_cancelled_order_is_seen() {
    let attempt = attempt(Intent { sold_out: true, ..Intent::PLAIN });
    let mails = ["receipt", "cancellation", "refund"];
    let books = books(&attempt, "cancelled", Some("out-of-stock"), (500, 0), &mails);

    let complaints = judge(&[attempt], &books, Leniency::None);

    assert!(complaints[0].contains("500 - 0 paid"), "{complaints:?}");
}

#[test]
fn a_missing_mail_is_seen() {
    let attempt = attempt(Intent::PLAIN);
    let books = books(&attempt, "confirmed", None, (500, 0), &["receipt"]);

    let complaints = judge(&[attempt], &books, Leniency::None);

    assert!(complaints[0].contains("with the mails"), "{complaints:?}");
}

#[test]
fn a_time_out_is_an_ending_only_where_it_is_expected() {
    let attempt = attempt(Intent::PLAIN);
    let books = books(&attempt, "cancelled", Some("timed-out"), (0, 0), &["cancellation"]);
    let attempts = [attempt];

    assert_eq!(judge(&attempts, &books, Leniency::TimedOut), Vec::<String>::new());
    assert_eq!(judge(&attempts, &books, Leniency::None).len(), 1);
}

#[test]
fn a_customer_who_was_told_something_else_is_seen() {
    let intent = Intent { pay: Pay::Declined, cancels: true, ..Intent::PLAIN };
    let told = Cancelled { status: 200, tries: Vec::new(), reason: Some("by-customer".into()) };
    let attempt = Attempt { cancelled: Some(told), ..attempt(intent) };
    let books = books(&attempt, "cancelled", Some("payment-failed"), (0, 0), &["cancellation"]);

    let complaints = judge(&[attempt], &books, Leniency::None);

    assert!(complaints[0].contains("the customer was told"), "{complaints:?}");
}

#[test]
fn an_internal_error_is_seen_even_if_the_next_try_went_through() {
    let attempt = attempt(Intent::PLAIN);
    let attempt = Attempt { tries: vec![Try::Answered(500), Try::Answered(202)], ..attempt };
    let books = books(&attempt, "confirmed", None, (500, 0), &["receipt", "confirmation"]);

    let complaints = judge(&[attempt], &books, Leniency::None);

    assert!(complaints[0].contains("internal error"), "{complaints:?}");
}

fn attempt(intent: Intent) -> Attempt {
    Attempt {
        customer: CustomerId::generate(),
        key: "key".into(),
        intent,
        tries: vec![Try::Answered(202)],
        outcome: Ok(OrderId::generate()),
        cancelled: None,
    }
}

fn books(
    attempt: &Attempt,
    status: &str,
    reason: Option<&str>,
    (charged, refunded): (i64, i64),
    sent: &[&str],
) -> Books {
    let order = attempt.order().unwrap();
    let mut books = Books::default();
    let stored = json!({
        "order": order, "customer": attempt.customer, "status": status, "reason": reason,
    });
    books.orders.insert(order, serde_json::from_value(stored).unwrap());
    let payment = json!({ "order": order, "charged": charged, "refunded": refunded });
    books.payments.insert(order, serde_json::from_value(payment).unwrap());
    let mails = sent.iter().map(|kind| ((*kind).to_owned(), "sent".to_owned()));
    books.mails.insert(order, mails.collect());
    books
}
