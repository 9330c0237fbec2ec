//! The cart, what is being changed about it, and what was taken out last.

use std::rc::Rc;

use json_kit::FromJson;
use ui_kit::{Answer, Failure, Remote, Say};
use yew::Reducible;

use crate::cart_fields;
use crate::goods::{Cart, Line};

pub(super) const DOCUMENT: &str = concat!("{ cart", cart_fields!(), "}");

pub(super) const SET: &str = concat!(
    "mutation Set($product: ID!, $quantity: Int!) { cart: setCartLine(product: $product, quantity: $quantity)",
    cart_fields!(),
    "}",
);

pub(super) const REMOVE: &str = concat!(
    "mutation Remove($product: ID!) { cart: removeFromCart(product: $product)",
    cart_fields!(),
    "}"
);

/// The answer to the question and to each change.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    cart: Option<Cart>,
}

/// The cart of an answer.
pub(super) fn cart(answer: Result<Answer<Data>, Failure>) -> Result<Cart, Failure> {
    let mut answer = answer?;
    let cart = answer.data.cart.take();
    answer.must("cart", cart)
}

/// The page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) cart: Remote<Cart>,
    /// Products and the quantities that were asked for and are not confirmed.
    pending: Vec<(String, u32)>,
    /// What was taken out last and may be put back.
    pub(super) removed: Option<Line>,
    /// Whether the last change did not come through.
    pub(super) failed: bool,
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    Came(Result<Cart, Failure>),
    /// A product shall have this quantity; 0 takes it out.
    Changing(String, u32),
    /// The shop answered to the wish for a quantity of a product.
    Changed(String, u32, Result<Cart, Failure>),
    /// Nobody wants it back.
    Forgotten,
}

impl State {
    /// The quantity to show for a line, and whether the shop has yet to confirm it.
    pub(super) fn quantity(&self, line: &Line) -> (u32, bool) {
        let wanted = self.pending.iter().find(|(product, _)| *product == line.product_id);
        wanted.map_or((line.quantity, false), |(_, quantity)| (*quantity, true))
    }

    /// That a product has this quantity now, for those who do not see it.
    pub(super) fn told(&self, product: &str, quantity: u32, say: Say) -> String {
        let lines = self.cart.ready().map(|cart| cart.lines.as_slice()).unwrap_or_default();
        let line = lines.iter().chain(&self.removed).find(|line| line.product_id == product);
        let name = line.map_or("", |line| line.name(say.locale));
        if quantity == 0 {
            return say.with("cart.removed", &[("name", name)]);
        }
        [name, ": ", &quantity.to_string()].concat()
    }

    /// Whether anything waits for the shop.
    pub(super) fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.cart = Remote::Loading,
            Action::Came(cart) => self.cart = cart.into(),
            Action::Changing(product, quantity) => {
                self.failed = false;
                self.removed = None;
                self.pending.retain(|(known, _)| *known != product);
                self.pending.push((product, quantity));
            }
            Action::Changed(product, quantity, result) => self.settle(&product, quantity, result),
            Action::Forgotten => self.removed = None,
        }
        self
    }

    /// Only the answer to the latest wish for a product settles it.
    fn settle(&mut self, product: &str, quantity: u32, result: Result<Cart, Failure>) {
        let latest =
            self.pending.iter().position(|(known, wish)| known == product && *wish == quantity);
        if let Some(latest) = latest {
            self.pending.remove(latest);
        }
        match result {
            Ok(cart) => {
                if latest.is_some() && quantity == 0 {
                    let before = self.cart.ready().map(|cart| cart.lines.as_slice());
                    let lines = before.unwrap_or_default().iter();
                    self.removed = lines.into_iter().find(|it| it.product_id == product).cloned();
                }
                self.cart = Remote::Ready(cart);
            }
            // Only who signs in again gets to it.
            Err(failure) if failure.is_signed_out() => self.cart = Remote::Failed(failure),
            // What is there stays as the shop last said it.
            Err(_) => self.failed |= latest.is_some(),
        }
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
    use super::{Action, DOCUMENT, Data, REMOVE, SET, State};
    use crate::TEXTS;
    use crate::goods::Cart;
    use crate::goods::sample::{cart, line};
    use serde_json::{Value, json};
    use ui_kit::{Failure, Locale, Remote, Say, graphql};

    fn shown(lines: &[Value]) -> State {
        let text = json!({"data": {"cart": cart(lines)}}).to_string();
        State::default().after(Action::Came(super::cart(graphql::read(&text))))
    }

    fn read(lines: &[Value]) -> Cart {
        json_kit::read(&cart(lines).to_string()).unwrap()
    }

    fn mug(quantity: u32) -> Value {
        line("mug", quantity, "IN_STOCK", None)
    }

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Data>(SET);
        query_check::holds::<Data>(REMOVE);
    }

    #[test]
    fn a_cart_is_loading_then_here_and_may_be_empty() {
        assert_eq!(State::default().cart, Remote::Loading);
        assert_eq!(shown(&[mug(1)]).cart.ready().map(|cart| cart.lines.len()), Some(1));
        assert_eq!(shown(&[]).cart.ready().map(|cart| cart.lines.len()), Some(0));
    }

    #[test]
    fn a_failed_cart_can_be_asked_again() {
        let failed = State::default().after(Action::Came(Err(Failure::Offline)));
        assert_eq!(failed.cart, Remote::Failed(Failure::Offline));

        assert_eq!(failed.after(Action::Asked).cart, Remote::Loading);
    }

    #[test]
    fn a_new_quantity_is_shown_as_pending_until_the_shop_confirms_it() {
        let state = shown(&[mug(1)]).after(Action::Changing("mug".to_owned(), 3));
        let line = state.cart.ready().unwrap().lines[0].clone();
        assert_eq!(state.quantity(&line), (3, true));

        let state = state.after(Action::Changed("mug".to_owned(), 3, Ok(read(&[mug(3)]))));

        let line = state.cart.ready().unwrap().lines[0].clone();
        assert_eq!(state.quantity(&line), (3, false));
        assert!(!state.is_pending());
    }

    #[test]
    fn what_was_changed_is_said_by_its_name() {
        let say = Say::new(&TEXTS, Locale::En);
        let state = shown(&[mug(1)]);
        let name = state.cart.ready().unwrap().lines[0].name(Locale::En).to_owned();

        assert_eq!(state.told("mug", 3, say), [&name, ": 3"].concat());
        assert_eq!(state.told("mug", 0, say), [&name, " was removed."].concat());
        let gone = state.after(Action::Changing("mug".to_owned(), 0)).after(Action::Changed(
            "mug".to_owned(),
            0,
            Ok(read(&[])),
        ));
        assert_eq!(gone.told("mug", 1, say), [&name, ": 1"].concat(), "it is put back");
    }

    #[test]
    fn a_change_that_fails_falls_back_to_what_the_shop_said_last() {
        let state = shown(&[mug(1)])
            .after(Action::Changing("mug".to_owned(), 3))
            .after(Action::Changed("mug".to_owned(), 3, Err(Failure::Offline)));

        let line = state.cart.ready().unwrap().lines[0].clone();
        assert_eq!(state.quantity(&line), (1, false));
        assert!(state.failed);
    }

    #[test]
    fn a_cart_of_a_session_that_ended_is_not_shown_as_if_it_could_be_changed() {
        let ended = r#"{"data": null, "errors": [{"message": "", "path": ["cart"], "extensions": {"code": "session-expired"}}]}"#;
        let ended = super::cart(graphql::read(ended));

        let state = shown(&[mug(1)])
            .after(Action::Changing("mug".to_owned(), 3))
            .after(Action::Changed("mug".to_owned(), 3, ended));

        assert!(matches!(&state.cart, Remote::Failed(failure) if failure.is_signed_out()));
        assert!(!state.failed);
    }

    #[test]
    fn what_was_taken_out_is_remembered_until_the_next_change() {
        let state = shown(&[mug(2)])
            .after(Action::Changing("mug".to_owned(), 0))
            .after(Action::Changed("mug".to_owned(), 0, Ok(read(&[]))));
        assert_eq!(state.removed.as_ref().map(|line| line.quantity), Some(2));

        let state = state.after(Action::Changing("mug".to_owned(), 2));

        assert_eq!(state.removed, None);
    }

    #[test]
    fn the_answer_to_an_earlier_wish_settles_nothing() {
        let state = shown(&[mug(1)])
            .after(Action::Changing("mug".to_owned(), 2))
            .after(Action::Changing("mug".to_owned(), 3))
            .after(Action::Changed("mug".to_owned(), 2, Ok(read(&[mug(2)]))));
        let line = state.cart.ready().unwrap().lines[0].clone();
        assert_eq!(state.quantity(&line), (3, true));

        let state = state.after(Action::Changed("mug".to_owned(), 3, Ok(read(&[mug(3)]))));

        let line = state.cart.ready().unwrap().lines[0].clone();
        assert_eq!(state.quantity(&line), (3, false));
    }

    #[test]
    fn nothing_can_be_put_back_before_it_was_taken_out() {
        let state = shown(&[mug(1)])
            .after(Action::Changing("mug".to_owned(), 2))
            .after(Action::Changing("mug".to_owned(), 0))
            .after(Action::Changed("mug".to_owned(), 2, Ok(read(&[mug(2)]))));
        assert_eq!(state.removed, None);

        let state = state.after(Action::Changed("mug".to_owned(), 0, Ok(read(&[]))));

        assert_eq!(state.removed.map(|line| line.quantity), Some(2));
    }

    #[test]
    fn an_earlier_wish_that_failed_is_not_spoken_of_while_a_later_one_is_told() {
        let state = shown(&[mug(1)])
            .after(Action::Changing("mug".to_owned(), 2))
            .after(Action::Changing("mug".to_owned(), 3))
            .after(Action::Changed("mug".to_owned(), 2, Err(Failure::Offline)));

        assert!(!state.failed);
        assert!(state.is_pending());
    }
}
