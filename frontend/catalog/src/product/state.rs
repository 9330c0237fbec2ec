//! One product, how many of it, and what became of putting it into the cart.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::i18n::Text;
use ui_kit::view::{Stock, StockLevel};
use ui_kit::{Answer, Failure, Money, Remote};
use yew::Reducible;

use crate::card::Card;
use crate::card_fields;

pub(super) const DOCUMENT: &str = concat!(
    "query Product($slug: ID!) { product(id: $slug) { id slug category name { en ko } description { en ko } picture onSale
    prices { minor currency } stock { level left } related(limit: 4)",
    card_fields!(),
    "} cart { lines { productId quantity } } }",
);

pub(super) const ADD: &str = "mutation Add($product: ID!, $quantity: Int!) {
    addToCart(product: $product, quantity: $quantity) { count lines { productId quantity } } }";

/// The answer to the question.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    product: Option<Product>,
    cart: Option<Cart>,
}

/// The answer to the deed.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Added {
    pub(super) add_to_cart: Cart,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Product {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) category: String,
    pub(super) name: Text,
    pub(super) description: Text,
    pub(super) picture: String,
    pub(super) on_sale: bool,
    pub(super) prices: Vec<Money>,
    pub(super) stock: Stock,
    /// Absent where they could not be asked; the product is shown without.
    pub(super) related: Option<Vec<Card>>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Cart {
    /// Absent where only the lines were asked.
    pub(super) count: Option<u32>,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Line {
    product_id: String,
    quantity: u32,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// Ready without a product: there is none of this name.
    pub(super) product: Remote<Option<Product>>,
    /// Which view of it.
    pub(super) looked_at: usize,
    /// How many are wanted.
    pub(super) wanted: u32,
    /// How many the cart has.
    pub(super) in_cart: u32,
    pub(super) deed: Deed,
}

/// Putting it into the cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    Idle,
    Pending,
    Done,
    Failed(Failure),
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    Came(Box<Result<Answer<Data>, Failure>>),
    Looked(usize),
    Wanted(u32),
    Adding,
    Added(Result<Cart, Failure>),
}

impl Default for State {
    fn default() -> Self {
        Self { product: Remote::Loading, looked_at: 0, wanted: 1, in_cart: 0, deed: Deed::Idle }
    }
}

impl Product {
    /// Whether it can be put into a cart now.
    pub(super) fn can_be_bought(&self) -> bool {
        self.on_sale && self.stock.level != StockLevel::SoldOut
    }
}

impl State {
    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.product = Remote::Loading,
            Action::Came(answer) => self.take(*answer),
            Action::Looked(view) => self.looked_at = view,
            Action::Wanted(count) => {
                self.wanted = count;
                self.deed = Deed::Idle;
            }
            Action::Adding => self.deed = Deed::Pending,
            Action::Added(Ok(cart)) => {
                self.deed = Deed::Done;
                self.wanted = 1;
                self.count(&cart);
            }
            Action::Added(Err(failure)) => self.deed = Deed::Failed(failure),
        }
        self
    }

    fn take(&mut self, answer: Result<Answer<Data>, Failure>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(failure) => {
                self.product = Remote::Failed(failure);
                return;
            }
        };
        self.product = answer.field("product", answer.data.product.clone()).into();
        // A cart that cannot be asked is no reason to hide the product.
        if let Some(cart) = &answer.data.cart {
            self.count(cart);
        }
    }

    fn count(&mut self, cart: &Cart) {
        let Some(Some(product)) = self.product.ready() else { return };
        let lines = cart.lines.iter().filter(|line| line.product_id == product.id);
        self.in_cart = lines.map(|line| line.quantity).sum();
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Rc::unwrap_or_clone(self).after(action))
    }
}

#[cfg(test)]
mod tests {
    use super::{ADD, Action, Added, Cart, DOCUMENT, Data, Deed, State};
    use ui_kit::{Answer, Failure, Remote, graphql};

    fn mug(stock: &str) -> String {
        format!(
            r#"{{"id": "prd_1", "slug": "blue-mug", "category": "kitchen", "name": {{"en": "Blue mug", "ko": "파란 머그"}},
            "description": {{"en": "Blue.", "ko": "파랑."}}, "picture": "blue-mug", "onSale": true, "prices": [],
            "stock": {{"level": "{stock}", "left": null}}, "related": null}}"#
        )
    }

    fn answer(product: &str, cart: &str) -> Result<Answer<Data>, Failure> {
        graphql::read(&format!(r#"{{"data": {{"product": {product}, "cart": {cart}}}}}"#))
    }

    fn shown() -> State {
        let cart = r#"{"lines": [{"productId": "prd_1", "quantity": 2}, {"productId": "prd_2", "quantity": 5}]}"#;
        State::default().after(Action::Came(Box::new(answer(&mug("IN_STOCK"), cart))))
    }

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Added>(ADD);
    }

    #[test]
    fn a_product_is_loading_until_it_comes() {
        assert_eq!(State::default().product, Remote::Loading);

        assert!(matches!(shown().product, Remote::Ready(Some(_))));
    }

    #[test]
    fn an_unknown_product_is_no_failure() {
        let state = State::default().after(Action::Came(Box::new(answer("null", "null"))));

        assert_eq!(state.product, Remote::Ready(None));
    }

    #[test]
    fn a_failed_product_can_be_asked_again() {
        let failed = State::default().after(Action::Came(Box::new(Err(Failure::Offline))));
        assert_eq!(failed.product, Remote::Failed(Failure::Offline));

        assert_eq!(failed.after(Action::Asked).product, Remote::Loading);
    }

    #[test]
    fn it_tells_how_many_are_in_the_cart_already() {
        assert_eq!(shown().in_cart, 2);
    }

    #[test]
    fn adding_counts_what_the_shop_says_and_begins_anew_with_one() {
        let adding = shown().after(Action::Wanted(3)).after(Action::Adding);
        assert_eq!((adding.deed.clone(), adding.in_cart), (Deed::Pending, 2));

        let cart: Cart =
            json_kit::read(r#"{"count": 10, "lines": [{"productId": "prd_1", "quantity": 5}]}"#)
                .unwrap();
        let added = adding.after(Action::Added(Ok(cart)));

        assert_eq!((added.deed, added.in_cart, added.wanted), (Deed::Done, 5, 1));
    }

    #[test]
    fn what_could_not_be_added_keeps_the_number_that_was_wanted() {
        let failed = shown()
            .after(Action::Wanted(3))
            .after(Action::Adding)
            .after(Action::Added(Err(Failure::Offline)));

        assert_eq!((failed.deed, failed.wanted), (Deed::Failed(Failure::Offline), 3));
    }

    #[test]
    fn what_is_sold_out_cannot_be_bought() {
        let state =
            State::default().after(Action::Came(Box::new(answer(&mug("SOLD_OUT"), "null"))));

        let product = state.product.ready().cloned().flatten().unwrap();
        assert!(!product.can_be_bought());
    }
}
