//! Letters in Korean.

use chrono::{DateTime, TimeDelta, Utc};
use shop_contracts::order::CancelReason;
use shop_contracts::payment::MethodSummary;
use shop_kernel::{Locale, Money};

use super::{Draft, Order, amount, brand_name, lines, one_line};
use crate::news::News;

/// Whether money moved is not known to this service, hence the "if".
const REFUND_FOLLOWS: &str =
    "이미 결제된 금액이 있다면 전액 환불되며, 환불이 완료되면 다시 안내해 드리겠습니다.";

pub(super) fn draft(order: &Order, news: &News) -> Draft {
    let number = order.id;
    let mut facts = vec![("주문 번호", number.to_string())];
    facts.extend(extra_facts(news));
    let (subject, heading, paragraphs) = message(order, news);

    Draft {
        language: "ko",
        subject,
        heading,
        greeting: format!("{}님, 안녕하세요.", one_line(&order.name)),
        paragraphs,
        facts,
        lines: lines(order),
        total: ("합계", money(order.total)),
        closing: "Saga Shop 드림",
        footer: "이 메일은 Saga Shop에서 주문하신 고객님께 자동으로 발송되었습니다.",
    }
}

fn message(order: &Order, news: &News) -> (String, String, Vec<String>) {
    let number = order.id;
    match news {
        News::Receipt { amount, .. } => (
            format!("주문 {number} 결제 영수증"),
            "결제해 주셔서 감사합니다".to_owned(),
            vec![
                format!("주문하신 금액 {} 결제가 완료되었습니다.", money(*amount)),
                "모든 상품이 준비되는 대로 주문 확정 메일을 보내 드리겠습니다.".to_owned(),
            ],
        ),
        News::Confirmation { cancellable_until } => (
            format!("주문 {number} 확정 안내"),
            "주문이 확정되었습니다".to_owned(),
            vec![
                "결제가 완료되었고 모든 상품이 준비되었습니다.".to_owned(),
                format!("{}까지 주문을 취소하실 수 있습니다.", date(*cancellable_until)),
            ],
        ),
        News::Cancellation { reason } => cancellation(order, *reason),
        News::Refund { amount, method, .. } => (
            format!("주문 {number} 환불 안내"),
            "환불이 완료되었습니다".to_owned(),
            vec![
                format!("주문하신 금액 {} 환불이 완료되었습니다.", money(*amount)),
                arrival(method),
            ],
        ),
    }
}

fn cancellation(order: &Order, reason: CancelReason) -> (String, String, Vec<String>) {
    let number = order.id;
    let apology = format!("죄송합니다. 주문 {number} 건을 처리하지 못했습니다");
    let notice = format!("주문 {number} 취소 안내");
    let (subject, heading, paragraphs) = match reason {
        CancelReason::PaymentFailed => (
            apology,
            "결제가 승인되지 않았습니다",
            [
                "죄송합니다. 결제가 승인되지 않아 주문이 취소되었습니다. 결제된 금액은 없습니다.",
                "주문 상세 화면에서 다른 결제 수단으로 다시 주문하실 수 있습니다.",
            ],
        ),
        CancelReason::OutOfStock => (
            apology,
            "품절된 상품이 있습니다",
            [
                "죄송합니다. 주문하신 상품 중 일부가 준비되기 전에 품절되어 주문이 취소되었습니다.",
                REFUND_FOLLOWS,
            ],
        ),
        CancelReason::TimedOut => (
            notice,
            "주문이 취소되었습니다",
            [
                "제시간에 주문을 완료하지 못하여, 더 기다리시지 않도록 주문을 취소했습니다.",
                REFUND_FOLLOWS,
            ],
        ),
        CancelReason::ByCustomer => (
            notice,
            "주문이 취소되었습니다",
            ["고객님의 요청에 따라 주문을 취소했습니다.", REFUND_FOLLOWS],
        ),
    };
    (subject, heading.to_owned(), paragraphs.map(str::to_owned).to_vec())
}

fn extra_facts(news: &News) -> Vec<(&'static str, String)> {
    match news {
        News::Receipt { amount, method: charged, at } => vec![
            ("결제 금액", money(*amount)),
            ("결제 수단", method(charged)),
            ("결제 일시", date(*at)),
        ],
        News::Refund { amount, method: refunded, at } => vec![
            ("환불 금액", money(*amount)),
            ("환불 수단", method(refunded)),
            ("환불 일시", date(*at)),
        ],
        News::Confirmation { .. } | News::Cancellation { .. } => Vec::new(),
    }
}

fn method(method: &MethodSummary) -> String {
    match method {
        MethodSummary::Card { brand, last4 } => {
            format!("{} 카드 (끝 번호 {})", brand_name(brand), one_line(last4))
        }
        MethodSummary::StoreCredit => "스토어 크레딧".to_owned(),
    }
}

fn arrival(method: &MethodSummary) -> String {
    match method {
        MethodSummary::Card { .. } => "카드사에 따라 반영까지 며칠이 걸릴 수 있습니다.",
        MethodSummary::StoreCredit => "다음 주문에서 바로 사용하실 수 있습니다.",
    }
    .to_owned()
}

fn money(money: Money) -> String {
    amount::in_words_of(Locale::Ko, money)
}

fn date(at: DateTime<Utc>) -> String {
    // Who reads Korean mostly lives by Korean time, which has no daylight saving.
    let local = at.naive_utc() + TimeDelta::hours(9);
    local.format("%Y년 %-m월 %-d일 %H:%M (한국 시간)").to_string()
}
