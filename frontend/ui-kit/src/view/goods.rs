//! Picture, price and stock of a product.

use json_kit::FromJson;
use yew::prelude::*;

use crate::contract::use_scene;
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

/// One stock.
#[derive(Debug, PartialEq, Properties)]
pub struct StockMarkProps {
    /// Of what is marked.
    pub stock: Stock,
}

/// In words, never by colour alone.
#[component]
pub fn StockMark(props: &StockMarkProps) -> Html {
    let say = super::say(use_scene().say.locale);
    let left = props.stock.left.unwrap_or_default().to_string();
    let (class, text) = match props.stock.level {
        StockLevel::InStock => ("stock stock-in", say.t("stock.in").to_owned()),
        StockLevel::FewLeft => ("stock stock-few", say.with("stock.few", &[("n", &left)])),
        StockLevel::SoldOut => ("stock stock-out", say.t("stock.out").to_owned()),
    };
    html! { <span {class}>{ text }</span> }
}

/// An amount.
#[derive(Debug, PartialEq, Properties)]
pub struct PriceProps {
    /// To be shown as it is.
    pub money: Money,
}

/// As people of the page's language write it.
#[component]
pub fn Price(props: &PriceProps) -> Html {
    let locale = use_scene().say.locale;
    html! { <span class="price">{ props.money.show(locale) }</span> }
}

/// Which picture.
#[derive(Debug, PartialEq, Properties)]
pub struct PictureProps {
    /// Its name below `/pictures`; empty while it is not known.
    pub picture: AttrValue,
    /// What it shows; empty where the text beside it says so already.
    #[prop_or_default]
    pub alt: AttrValue,
    /// Whether it is seen at once, and should not wait for its turn.
    #[prop_or_default]
    pub eager: bool,
    /// Of its size: `mini`, `tiny`.
    #[prop_or_default]
    pub class: Classes,
}

/// A square picture that keeps its place while it loads.
#[component]
pub fn Picture(props: &PictureProps) -> Html {
    let class = classes!("picture", props.class.clone());
    if props.picture.is_empty() {
        return html! { <span {class}></span> };
    }
    let src = ["/pictures/", &props.picture, ".svg"].concat();
    let loading = if props.eager { "eager" } else { "lazy" };
    html! {
        <img {class} {src} alt={&props.alt} {loading}
            width="400" height="400" decoding="async" />
    }
}
