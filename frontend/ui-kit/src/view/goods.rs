//! Picture, price and stock of a product.

use json_kit::FromJson;
use yew::prelude::*;

use crate::i18n::Locale;
use crate::money::Money;

/// How much there is, as a shopper is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub struct Stock {
    /// Roughly.
    pub level: StockLevel,
    /// Exactly, where there are few.
    pub left: Option<u32>,
}

/// As the schema has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson)]
pub enum StockLevel {
    /// Plenty.
    InStock,
    /// So few that it is said how many.
    FewLeft,
    /// None.
    SoldOut,
}

/// In words, never by colour alone.
pub fn stock_mark(stock: Stock, locale: Locale) -> Html {
    let say = super::say(locale);
    let left = stock.left.unwrap_or_default().to_string();
    let (class, text) = match stock.level {
        StockLevel::InStock => ("stock stock-in", say.t("stock.in").to_owned()),
        StockLevel::FewLeft => ("stock stock-few", say.with("stock.few", &[("n", &left)])),
        StockLevel::SoldOut => ("stock stock-out", say.t("stock.out").to_owned()),
    };
    html! { <span ~className={class}>{ text }</span> }
}

/// An amount, as people of this language write it.
pub fn price(money: Money, locale: Locale) -> Html {
    html! { <span class="price">{ money.show(locale) }</span> }
}

/// A square picture that keeps its place while it loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Its name below `/pictures`; empty while it is not known.
    pub name: String,
    /// What it shows; empty where the text beside it says so already.
    pub alt: String,
    /// Whether it is seen at once, and should not wait for its turn.
    pub is_eager: bool,
    /// Of its size: `mini`, `tiny`.
    pub size: &'static str,
}

impl Picture {
    /// One that may wait, beside a text that names it.
    #[must_use]
    pub fn named(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// As it is seen.
    pub fn show(self) -> Html {
        let class = ["picture ", self.size].concat();
        if self.name.is_empty() {
            return html! { <span ~className={class}></span> };
        }
        let src = ["/pictures/", &self.name, ".svg"].concat();
        let loading = if self.is_eager { "eager" } else { "lazy" };
        html! {
            <img ~className={class} {src} alt={self.alt} {loading}
                width="400" height="400" decoding="async" />
        }
    }
}
