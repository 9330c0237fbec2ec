//! One checkout: what is bought, by whom, how it is paid, and what the shop says to it.

use std::rc::Rc;

use json_kit::{FromJson, Json, json};
use ui_kit::{Answer, Currency, Failure, Locale, Money, Remote};
use yew::Reducible;

use super::again::{Order, Past};
use super::form::{Field, Form, Method};
use super::refusal;
use crate::cart_fields;
use crate::goods::Cart;

/// The fields of a [`Customer`], for the documents.
#[macro_export]
macro_rules! customer_fields {
    () => {
        " me { name email cards { id brand last4 } storeCredit { available { minor currency } } } "
    };
}

pub(super) const DOCUMENT: &str = concat!("{ cart", cart_fields!(), customer_fields!(), "}");

pub(super) const ADD_CARD: &str = "mutation AddCard($input: NewCardInput!, $key: String!) { made: addCard(input: $input, idempotencyKey: $key) { id brand last4 } }";

pub(super) const CHECKOUT: &str = "mutation Checkout($input: CheckoutInput!, $key: String!) { made: checkout(input: $input, idempotencyKey: $key) { id } }";

/// The answer to the question.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    cart: Option<Cart>,
    /// Where one is paid again.
    order: Option<Order>,
    me: Option<Customer>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Customer {
    name: String,
    email: String,
    cards: Option<Vec<Card>>,
    store_credit: Option<Vec<Credit>>,
}

/// A stored card.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Card {
    pub(super) id: String,
    pub(super) brand: String,
    pub(super) last4: String,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Credit {
    available: Money,
}

/// The answers to the deeds.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Done {
    pub(super) made: Made,
}

/// A card or an order: one type, because each that is asked for costs the bundle a kilobyte.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) brand: Option<String>,
    pub(super) last4: Option<String>,
}

/// What can be checked out, by a customer we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Desk {
    pub(super) cart: Cart,
    pub(super) customer: Customer,
    /// Where the cart is that of a cancelled order.
    pub(super) past: Option<Past>,
}

/// Who can check out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Access {
    /// Somebody has to sign in first; the cart waits.
    SignedOut,
    /// There is no such order, or it was not cancelled.
    Nothing,
    Open(Box<Desk>),
}

/// The page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) access: Remote<Access>,
    pub(super) form: Form,
    /// What was typed before somebody had to sign in again.
    draft: Option<String>,
    /// Whether the method is the shopper's, or was proposed: from then on only a shopper changes it.
    is_method_set: bool,
    /// Fields that were wrong when it was last submitted.
    pub(super) wrong: Vec<Field>,
    pub(super) deed: Deed,
}

/// The one button.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Deed {
    #[default]
    Idle,
    Pending,
    Refused(Failure),
}

/// What happens to the page.
#[derive(Debug)]
pub(super) enum Action {
    Asked,
    Came(Result<Access, Failure>),
    Typed(Field, String),
    Chosen(Method),
    /// The new card is stored: what is paid with from now on.
    Stored(Card),
    Checked,
    Submitted,
    Refused(Failure),
}

impl Customer {
    pub(super) fn cards(&self) -> &[Card] {
        self.cards.as_deref().unwrap_or_default()
    }

    /// Store credit in this currency, if there is any.
    pub(super) fn credit(&self, currency: Currency) -> Option<Money> {
        let all = self.store_credit.iter().flatten().map(|credit| credit.available);
        all.into_iter().find(|money| money.currency == currency && money.minor > 0)
    }
}

/// Who may pay what, of an answer about the cart, or about the order of this id.
pub(super) fn access(
    order: Option<&str>,
    answer: Result<Answer<Data>, Failure>,
) -> Result<Access, Failure> {
    let mut answer = answer?;
    let me = answer.data.me.take();
    let Some(customer) = answer.field("me", me)? else { return Ok(Access::SignedOut) };
    let (cart, past) = if let Some(id) = order {
        let found = answer.data.order.take();
        let found = answer.field("order", found)?;
        let Some((cart, past)) = found.and_then(|order| order.again(id)) else {
            return Ok(Access::Nothing);
        };
        (cart, Some(past))
    } else {
        let cart = answer.data.cart.take();
        (answer.must("cart", cart)?, None)
    };
    Ok(Access::Open(Box::new(Desk { cart, customer, past })))
}

impl Desk {
    /// What is paid in, where the page shows prices in this currency.
    pub(super) fn currency(&self, shown: Currency) -> Currency {
        self.past.as_ref().map_or(shown, |past| past.currency)
    }

    /// The input of `checkout` or `payAgain`: what was seen, at the prices that were seen.
    pub(super) fn input(
        &self,
        form: &Form,
        method: &Json,
        shown: Currency,
        locale: Locale,
    ) -> Json {
        let currency = self.currency(shown);
        let prices = self.cart.lines.iter().filter_map(|line| {
            let each = Money::pick(&line.unit_prices, currency)?;
            Some(json!({
                "product": line.product_id,
                "unitPrice": json!({ "minor": each.minor, "currency": currency.code() }),
            }))
        });
        let prices: Vec<_> = prices.collect();
        if let Some(past) = &self.past {
            return json!({
                "order": past.order,
                "prices": prices,
                "contact": form.contact(),
                "locale": locale.name(),
                "paymentMethod": method,
            });
        }
        json!({
            "cart": self.cart.id,
            "cartVersion": self.cart.version,
            "currency": currency.code(),
            "prices": prices,
            "contact": form.contact(),
            "locale": locale.name(),
            "paymentMethod": method,
        })
    }
}

impl State {
    /// The desk, if one can check out.
    pub(super) fn desk(&self) -> Option<&Desk> {
        match self.access.ready()? {
            Access::Open(desk) => Some(desk),
            Access::SignedOut | Access::Nothing => None,
        }
    }

    /// What was typed, for the customer alone who typed it.
    pub(super) fn draft(&self) -> Option<String> {
        Some(self.form.draft(&self.desk()?.customer.email))
    }

    /// A page that goes on where somebody had to leave it.
    pub(super) fn resumed(draft: Option<String>) -> Self {
        Self { draft, ..Self::default() }
    }

    /// The state after `action`.
    pub(super) fn after(mut self, action: Action) -> Self {
        match action {
            Action::Asked => self.access = Remote::Loading,
            Action::Came(access) => self.take(access),
            Action::Typed(field, value) => {
                self.wrong.retain(|known| *known != field);
                self.form.set(field, value);
            }
            Action::Chosen(method) => self.choose(method),
            Action::Stored(card) => {
                self.choose(Method::Stored(card.id.clone()));
                self.keep(card);
            }
            Action::Checked => self.wrong = self.form.wrong(),
            Action::Submitted => self.deed = Deed::Pending,
            Action::Refused(failure) => {
                self.wrong = refusal::fields(&failure);
                self.deed = Deed::Refused(failure);
            }
        }
        self
    }

    fn take(&mut self, access: Result<Access, Failure>) {
        let access = match access {
            Err(failure) if failure.is_signed_out() => Ok(Access::SignedOut),
            access => access,
        };
        if let Ok(Access::Open(desk)) = &access {
            if !self.is_method_set {
                // Whoever pays again does so because of the card they paid with.
                let card = desk.customer.cards().first().filter(|_| desk.past.is_none());
                if let Some(past) = &desk.past {
                    past.introduce(&mut self.form);
                }
                self.choose(card.map_or(Method::New, |card| Method::Stored(card.id.clone())));
            }
            if let Some(draft) = self.draft.take() {
                self.form.resume(&draft, &desk.customer.email);
            }
            self.form.introduce(&desk.customer.name, &desk.customer.email);
        }
        self.access = access.into();
    }

    fn choose(&mut self, method: Method) {
        self.form.method = method;
        self.is_method_set = true;
    }

    /// Shows a card among the others before the shop is asked for all of them again.
    fn keep(&mut self, card: Card) {
        if let Some(Access::Open(desk)) = self.access.ready_mut() {
            let cards = desk.customer.cards.get_or_insert_default();
            if !cards.contains(&card) {
                cards.push(card);
            }
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
    use super::{
        ADD_CARD, Access, Action, CHECKOUT, Card, DOCUMENT, Data, Deed, Done, State, access,
    };
    use crate::goods::sample::{cart, line};
    use crate::pay::form::{Field, Method};
    use serde_json::{Value, json};
    use ui_kit::{Currency, Failure, Locale, Remote, graphql};

    fn ada(cards: &[&str]) -> Value {
        let cards: Vec<_> =
            cards.iter().map(|id| json!({"id": id, "brand": "visa", "last4": "4242"})).collect();
        json!({"name": "Ada", "email": "ada@example.org", "cards": cards, "storeCredit": null})
    }

    fn answer(me: Value) -> Action {
        let cart = cart(&[line("mug", 2, "IN_STOCK", None)]);
        let text = json!({"data": {"cart": cart, "me": me}}).to_string();
        Action::Came(access(None, graphql::read(&text)))
    }

    fn came(me: Value) -> State {
        State::default().after(answer(me))
    }

    fn card(id: &str) -> Card {
        Card { id: id.to_owned(), brand: "visa".to_owned(), last4: "4242".to_owned() }
    }

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Done>(ADD_CARD);
        query_check::holds::<Done>(CHECKOUT);
    }

    #[test]
    fn a_checkout_is_loading_then_open_for_a_customer() {
        assert_eq!(State::default().access, Remote::Loading);

        let open = came(ada(&[]));

        assert!(open.desk().is_some());
        assert_eq!(open.form.get(Field::Email), "ada@example.org");
    }

    #[test]
    fn nobody_checks_out_without_signing_in() {
        assert_eq!(came(Value::Null).access, Remote::Ready(Access::SignedOut));
    }

    #[test]
    fn a_session_that_ended_is_a_reason_to_sign_in_and_takes_nothing_that_was_typed() {
        let text = r#"{"data": {"cart": null, "me": null}, "errors": [{"message": "", "path": ["me"],
            "extensions": {"code": "session-expired"}}]}"#;
        let ended = State::default().after(Action::Came(access(None, graphql::read(text))));
        assert_eq!(ended.access, Remote::Ready(Access::SignedOut));
        let typed = came(ada(&[])).after(Action::Typed(Field::City, "Busan".to_owned()));

        let back = State::resumed(typed.draft()).after(answer(ada(&[])));
        assert_eq!((back.form.get(Field::City), back.form.get(Field::Name)), ("Busan", "Ada"));

        let grace = json!({"name": "Grace", "email": "grace@example.org", "cards": [], "storeCredit": null});
        let another = State::resumed(typed.draft()).after(answer(grace));
        assert_eq!(
            (another.form.get(Field::City), another.form.get(Field::Name)),
            ("Seoul", "Grace")
        );
    }

    #[test]
    fn a_failed_checkout_can_be_asked_again_and_keeps_what_was_typed() {
        let typed = came(ada(&[])).after(Action::Typed(Field::City, "Busan".to_owned()));

        let failed = typed.after(Action::Came(Err(Failure::Offline)));
        assert_eq!(failed.access, Remote::Failed(Failure::Offline));

        assert_eq!(failed.after(Action::Asked).form.get(Field::City), "Busan");
    }

    #[test]
    fn a_stored_card_is_chosen_before_a_new_one() {
        assert_eq!(came(ada(&[])).form.method, Method::New);
        assert_eq!(came(ada(&["pm_1"])).form.method, Method::Stored("pm_1".to_owned()));
    }

    #[test]
    fn a_method_that_was_chosen_stays_when_the_shop_is_asked_again() {
        let choosing = came(ada(&["pm_a"])).after(Action::Chosen(Method::New));

        let again = choosing.after(answer(ada(&["pm_a", "pm_b"])));

        assert_eq!(again.form.method, Method::New);
    }

    #[test]
    fn a_card_that_was_stored_is_what_the_next_try_pays_with() {
        let state = came(ada(&["pm_a"]))
            .after(Action::Chosen(Method::New))
            .after(Action::Submitted)
            .after(Action::Stored(card("pm_b")));
        assert!(state.desk().unwrap().customer.cards().contains(&card("pm_b")));

        let again =
            state.after(answer(ada(&["pm_a", "pm_b"]))).after(Action::Refused(Failure::Offline));

        assert_eq!(again.form.method, Method::Stored("pm_b".to_owned()));
    }

    #[test]
    fn a_wrong_field_is_right_again_while_it_is_typed_in() {
        let wrong =
            came(ada(&[])).after(Action::Typed(Field::Cvc, "x".to_owned())).after(Action::Checked);
        assert_eq!(wrong.wrong, [Field::Cvc]);

        let typing = wrong.after(Action::Typed(Field::Cvc, "123".to_owned()));

        assert_eq!(typing.wrong, []);
    }

    #[test]
    fn the_button_is_pending_until_the_shop_refuses() {
        let pending = came(ada(&[])).after(Action::Submitted);
        assert_eq!(pending.deed, Deed::Pending);

        let refused = pending.after(Action::Refused(Failure::Offline));

        assert_eq!(refused.deed, Deed::Refused(Failure::Offline));
        assert_eq!(refused.form.get(Field::Name), "Ada");
    }

    #[test]
    fn a_checkout_names_the_cart_and_the_prices_that_were_seen() {
        let open = came(ada(&[]));

        let input = open.desk().unwrap().input(
            &open.form,
            &json_kit::json!({ "card": "pm_1" }),
            Currency::Usd,
            Locale::Ko,
        );

        let input: Value = serde_json::from_str(&input.to_string()).unwrap();
        assert_eq!((&input["cart"], &input["cartVersion"]), (&json!("crt_1"), &json!(3)));
        let price = json!({"product": "mug", "unitPrice": {"minor": 1000, "currency": "USD"}});
        assert_eq!(input["prices"], json!([price]));
        assert_eq!(input["locale"], "KO");
    }
}
