//! Every letter the shop can write, compared with the ones in `tests/letters`.
//!
//! After a change on purpose: `UPDATE_LETTERS=1 cargo test -p email`, and read the difference.

use std::path::PathBuf;

use email::letter::{self, Letter, Order};
use email::news::News;
use shop_contracts::order::{CancelReason, PricedLine};
use shop_contracts::payment::MethodSummary;
use shop_kernel::{Currency, Locale, LocalizedText, Money, OrderId, ProductId, Quantity};
use uuid::Uuid;

#[test]
fn every_letter_reads_as_the_one_on_file() {
    for (name, order, news) in every_letter() {
        let letter = letter::write(&order, &news).unwrap();

        assert_on_file(&format!("{name}.txt"), &as_text_mail(&letter));
    }
}

#[test]
fn a_letter_in_each_language_looks_as_the_one_on_file() {
    for (name, order, news) in every_letter() {
        if !name.starts_with("receipt-card") {
            continue;
        }

        let letter = letter::write(&order, &news).unwrap();

        assert_on_file(&format!("{name}.html"), &letter.html);
    }
}

#[test]
fn text_and_html_say_the_same() {
    for (name, order, news) in every_letter() {
        let letter = letter::write(&order, &news).unwrap();

        for words in letter.text.split(['\n', ':']).map(str::trim) {
            let words = words.split("  ").next().unwrap_or_default();
            let said = words == "--" || words.contains(" x ") || letter.html.contains(words);
            assert!(said, "{name}: the page lacks {words:?}");
        }
    }
}

#[test]
fn names_cannot_bring_markup_or_lines_of_their_own() {
    let mut order = order(Locale::En);
    order.name = "<img src=x>\r\nBcc: eve@example.org".to_owned();
    order.lines[0].name.en = "<b>Mug</b>\n\nTotal: $0.00".to_owned();

    let letter = letter::write(&order, &cancelled(CancelReason::ByCustomer)).unwrap();

    assert!(!letter.html.contains("<img") && !letter.html.contains("<b>"));
    assert!(letter.text.contains("Hello <img src=x> Bcc: eve@example.org,"));
    assert!(letter.text.contains("2 x <b>Mug</b> Total: $0.00  $38.10"));
    assert!(!letter.subject.contains('\n'));
}

fn every_letter() -> impl Iterator<Item = (String, Order, News)> {
    let card = || MethodSummary::Card { brand: "visa".to_owned(), last4: "4242".to_owned() };
    let at = "2026-11-20T14:05:00Z".parse().unwrap();
    let total = |locale| order(locale).total;
    let news = move |locale| {
        let amount = total(locale);
        let credit = MethodSummary::StoreCredit;
        vec![
            ("receipt-card", News::Receipt { amount, method: card(), at }),
            ("receipt-credit", News::Receipt { amount, method: credit.clone(), at }),
            ("confirmation", News::Confirmation { cancellable_until: at }),
            ("payment-failed", cancelled(CancelReason::PaymentFailed)),
            ("out-of-stock", cancelled(CancelReason::OutOfStock)),
            ("timed-out", cancelled(CancelReason::TimedOut)),
            ("by-customer", cancelled(CancelReason::ByCustomer)),
            ("refund-card", News::Refund { amount, method: card(), at }),
            ("refund-credit", News::Refund { amount, method: credit, at }),
        ]
    };
    [(Locale::En, "en"), (Locale::Ko, "ko")].into_iter().flat_map(move |(locale, tag)| {
        news(locale)
            .into_iter()
            .map(move |(kind, news)| (format!("{kind}.{tag}"), order(locale), news))
    })
}

fn cancelled(reason: CancelReason) -> News {
    News::Cancellation { reason }
}

/// Ada buys in dollars, Haru in won.
fn order(locale: Locale) -> Order {
    let (name, mug, poster, currency) = match locale {
        Locale::En => ("Ada", 1_905, 2_400, Currency::Usd),
        Locale::Ko => ("하루", 19_000, 24_000, Currency::Krw),
    };
    let mug = line(1, "The blue mug", "파란 머그잔", 2, Money::new(mug, currency));
    let poster = line(2, "A poster of a saga", "사가 포스터", 1, Money::new(poster, currency));
    Order {
        id: OrderId::from_uuid(Uuid::from_u128(0x0199_a5e0_0000_7000_8000_0000_0000_002a)),
        name: name.to_owned(),
        locale,
        total: mug.total.plus(poster.total).unwrap(),
        lines: vec![mug, poster],
    }
}

fn line(product: u128, en: &str, ko: &str, count: u32, unit_price: Money) -> PricedLine {
    PricedLine {
        product: ProductId::from_uuid(Uuid::from_u128(product)),
        name: LocalizedText { en: en.to_owned(), ko: ko.to_owned() },
        quantity: Quantity::new(count).unwrap(),
        unit_price,
        total: unit_price.times(count).unwrap(),
    }
}

fn as_text_mail(letter: &Letter) -> String {
    format!("Subject: {}\n\n{}", letter.subject, letter.text)
}

fn assert_on_file(name: &str, content: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/letters").join(name);
    if std::env::var_os("UPDATE_LETTERS").is_some() {
        std::fs::write(&path, content).unwrap();
    }
    let on_file = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(content, on_file, "{name} differs from the one on file");
}
