//! Letters in English.

use chrono::{DateTime, Utc};
use shop_contracts::order::CancelReason;
use shop_contracts::payment::MethodSummary;
use shop_kernel::{Locale, Money};

use super::{Draft, Order, amount, brand_name, lines, one_line};
use crate::news::News;

/// Whether money moved is not known to this service, hence the "if".
const REFUND_FOLLOWS: &str = "If we had already charged you, you get all of it back, and we write to you once it is on its way.";

pub(super) fn draft(order: &Order, news: &News) -> Draft {
    let number = order.id;
    let mut facts = vec![("Order number", number.to_string())];
    facts.extend(extra_facts(news));
    let (subject, heading, paragraphs) = message(order, news);

    Draft {
        language: "en",
        subject,
        heading,
        greeting: format!("Hello {},", one_line(&order.name)),
        paragraphs,
        facts,
        lines: lines(order),
        total: ("Total", money(order.total)),
        closing: "Your Saga Shop",
        footer: "You get this mail because you ordered at Saga Shop. This mail was sent automatically.",
    }
}

fn message(order: &Order, news: &News) -> (String, String, Vec<String>) {
    let number = order.id;
    match news {
        News::Receipt { amount, .. } => (
            format!("Receipt for your order {number}"),
            "Thank you for your payment".to_owned(),
            vec![
                format!("We charged {} for your order.", money(*amount)),
                "We confirm the order as soon as every item is set aside for you.".to_owned(),
            ],
        ),
        News::Confirmation { cancellable_until } => (
            format!("Your order {number} is confirmed"),
            "Your order is confirmed".to_owned(),
            vec![
                "It is paid, and every item is set aside for you.".to_owned(),
                format!(
                    "Should you change your mind, you can cancel it until {}.",
                    date(*cancellable_until)
                ),
            ],
        ),
        News::Cancellation { reason } => cancellation(order, *reason),
        News::Refund { amount, method, .. } => (
            format!("Refund for your order {number}"),
            "You have your money back".to_owned(),
            vec![format!("We refunded {} for your order.", money(*amount)), arrival(method)],
        ),
    }
}

fn cancellation(order: &Order, reason: CancelReason) -> (String, String, Vec<String>) {
    let number = order.id;
    let apology = format!("We are sorry: we could not complete your order {number}");
    let notice = format!("Your order {number} is cancelled");
    let (subject, heading, paragraphs) = match reason {
        CancelReason::PaymentFailed => (
            apology,
            "Your payment did not go through",
            [
                "We are sorry: your payment was refused, so we had to cancel your order. You were not charged.",
                "You can place the order again from its page and pay in another way.",
            ],
        ),
        CancelReason::OutOfStock => (
            apology,
            "An item has sold out",
            [
                "We are sorry: something you ordered sold out before we could set it aside for you, so we had to cancel your order.",
                REFUND_FOLLOWS,
            ],
        ),
        CancelReason::TimedOut => (
            notice,
            "Your order is cancelled",
            [
                "We could not complete your order in time, so we cancelled it rather than keep you waiting.",
                REFUND_FOLLOWS,
            ],
        ),
        CancelReason::ByCustomer => (
            notice,
            "Your order is cancelled",
            ["You asked us to cancel your order, and we did.", REFUND_FOLLOWS],
        ),
    };
    (subject, heading.to_owned(), paragraphs.map(str::to_owned).to_vec())
}

fn extra_facts(news: &News) -> Vec<(&'static str, String)> {
    match news {
        News::Receipt { amount, method: charged, at } => vec![
            ("Amount charged", money(*amount)),
            ("Paid with", method(charged)),
            ("Date", date(*at)),
        ],
        News::Refund { amount, method: refunded, at } => vec![
            ("Amount refunded", money(*amount)),
            ("Refunded to", method(refunded)),
            ("Date", date(*at)),
        ],
        News::Confirmation { .. } | News::Cancellation { .. } => Vec::new(),
    }
}

fn method(method: &MethodSummary) -> String {
    match method {
        MethodSummary::Card { brand, last4 } => {
            format!("{} card ending in {}", brand_name(brand), one_line(last4))
        }
        MethodSummary::StoreCredit => "store credit".to_owned(),
    }
}

fn arrival(method: &MethodSummary) -> String {
    match method {
        MethodSummary::Card { .. } => "Your bank may take a few days to show it.",
        MethodSummary::StoreCredit => "You can use it for another order at once.",
    }
    .to_owned()
}

fn money(money: Money) -> String {
    amount::in_words_of(Locale::En, money)
}

fn date(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}
