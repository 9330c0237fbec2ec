//! A product as lists show it.

use json_kit::FromJson;
use ui_kit::Money;
use ui_kit::contract::use_scene;
use ui_kit::i18n::Text;
use ui_kit::view::{Picture, Price, Stock, StockLevel, StockMark};
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

#[derive(Debug, PartialEq, Properties)]
pub(crate) struct CardsProps {
    pub(crate) cards: Vec<Card>,
    /// How many pictures are seen without scrolling, and load at once.
    #[prop_or_default]
    pub(crate) eager: usize,
}

/// Cards in a grid.
#[component]
pub(crate) fn Cards(props: &CardsProps) -> Html {
    let scene = use_scene();
    html! {
        <ul class="cards">
            for (at, card) in props.cards.iter().enumerate() {
                <li class={classes!("card", card.is_gone().then_some("gone"))} key={card.slug.clone()}>
                    <Picture picture={["products/", &card.picture].concat()} eager={at < props.eager} />
                    <div>
                        <h3><a href={format!("/products/{}", card.slug)}>{ card.name.get(scene.say.locale).to_owned() }</a></h3>
                        if let Some(money) = Money::pick(&card.prices, scene.currency) {
                            <Price {money} />
                        }
                        <StockMark stock={card.stock} />
                    </div>
                </li>
            }
        </ul>
    }
}

/// As many empty cards as a list usually shows, so that nothing jumps when they come.
#[component]
pub(crate) fn SkeletonCards() -> Html {
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
