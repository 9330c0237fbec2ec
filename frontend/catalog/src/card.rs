//! A product as lists show it.

use json_kit::FromJson;
use ui_kit::i18n::Text;
use ui_kit::view::{Picture, Stock, StockLevel, price, stock_mark};
use ui_kit::{Money, Scene};
use yew::prelude::*;

/// What a card needs; every document that lists products has these fields.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(crate) struct Card {
    pub(crate) slug: String,
    pub(crate) name: Text,
    pub(crate) picture: String,
    pub(crate) prices: Vec<Money>,
    pub(crate) stock: Stock,
}

impl Card {
    /// Whether there is none left.
    pub(crate) fn is_gone(&self) -> bool {
        self.stock.level == StockLevel::SoldOut
    }
}

/// The fields of a [`Card`], for the documents.
#[macro_export]
macro_rules! card_fields {
    () => {
        " { slug name { en ko } picture prices { minor currency } stock { level left } } "
    };
}

/// Cards in a grid, of which so many are seen without scrolling: their pictures load at once.
pub(crate) fn cards(scene: &Scene, cards: &[Card], eager: usize) -> Html {
    html! {
        <ul class="cards">
            for (at, card) in cards.iter().enumerate() {
                <li ~className={if card.is_gone() { "card gone" } else { "card" }} key={card.slug.clone()}>
                    { Picture { name: ["products/", &card.picture].concat(), is_eager: at < eager, ..Picture::default() }.show() }
                    <div>
                        <h3><a href={format!("/products/{}", card.slug)}>{ card.name.get(scene.say.locale).to_owned() }</a></h3>
                        if let Some(money) = Money::pick(&card.prices, scene.currency) {
                            { price(money, scene.say.locale) }
                        }
                        { stock_mark(card.stock, scene.say.locale) }
                    </div>
                </li>
            }
        </ul>
    }
}

/// As many empty cards as a list usually shows, so that nothing jumps when they come.
pub(crate) fn skeleton_cards() -> Html {
    html! {
        <ul class="cards" aria-hidden="true">
            for _ in 0..8 {
                <li class="card">
                    <span class="skeleton skeleton-picture"></span>
                    <div>
                        <span class="skeleton skeleton-line"></span>
                        <span class="skeleton skeleton-line skeleton-short"></span>
                    </div>
                </li>
            }
        </ul>
    }
}
