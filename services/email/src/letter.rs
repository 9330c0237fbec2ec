//! What a customer reads: a letter in their language, as text and as HTML.

mod amount;
mod english;
mod korean;

use askama::Template;
use shop_contracts::order::PricedLine;
use shop_kernel::{Locale, Money, OrderId};

use crate::news::News;

/// What is known of the order a letter is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The order.
    pub id: OrderId,
    /// Whom the letter greets.
    pub name: String,
    /// The language to write in.
    pub locale: Locale,
    /// What was bought.
    pub lines: Vec<PricedLine>,
    /// The sum of the lines.
    pub total: Money,
}

/// A letter, written and ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The subject line.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// The letter as one HTML page without outside resources.
    pub html: String,
}

/// Writes the letter that tells `news` about `order`.
///
/// # Errors
/// When a template cannot be rendered, which only running out of memory makes it.
pub fn write(order: &Order, news: &News) -> Result<Letter, askama::Error> {
    let draft = match order.locale {
        Locale::En => english::draft(order, news),
        Locale::Ko => korean::draft(order, news),
    };
    let text = TextLetter { draft: &draft }.render()?;
    let html = HtmlLetter { draft: &draft }.render()?;
    Ok(Letter { subject: draft.subject, text, html })
}

/// A letter in words, before it has a form.
struct Draft {
    /// The language tag for screen readers and hyphenation.
    language: &'static str,
    subject: String,
    heading: String,
    greeting: String,
    paragraphs: Vec<String>,
    /// Labelled facts: the order number first.
    facts: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    total: (&'static str, String),
    closing: &'static str,
    footer: &'static str,
}

struct Line {
    name: String,
    quantity: u32,
    amount: String,
}

fn lines(order: &Order) -> Vec<Line> {
    let line = |line: &PricedLine| Line {
        name: one_line(line.name.get(order.locale)),
        quantity: line.quantity.get(),
        amount: amount::in_words_of(order.locale, line.total),
    };
    order.lines.iter().map(line).collect()
}

/// Names come from people: a line break in one must not look like a line of ours, nor like a
/// header.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The brand as it writes itself, where the payment service says it in lower case.
fn brand_name(brand: &str) -> String {
    match brand {
        "visa" => "Visa".to_owned(),
        "mastercard" => "Mastercard".to_owned(),
        "amex" => "American Express".to_owned(),
        other => one_line(other),
    }
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct TextLetter<'a> {
    draft: &'a Draft,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlLetter<'a> {
    draft: &'a Draft,
}
