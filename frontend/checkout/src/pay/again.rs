//! Paying a cancelled order again: its lines at today's prices, shown as a cart is.

use json_kit::FromJson;
use ui_kit::{Currency, Money};

use super::form::{Field, Form};
use crate::goods::Cart;
use crate::{cart_fields, customer_fields};

pub(super) const DOCUMENT: &str = concat!(
    "query Again($id: ID!) { order(id: $id) { total { minor currency }
    shipTo { name address { street city postalCode country } } again",
    cart_fields!(),
    "}",
    customer_fields!(),
    "}",
);

pub(super) const PAY: &str = "mutation PayAgain($input: PayAgainInput!, $key: String!) { made: payAgain(input: $input, idempotencyKey: $key) { id } }";

/// What is asked about the order.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Order {
    total: Money,
    ship_to: Option<ShipTo>,
    /// Absent where it was not cancelled.
    again: Option<Cart>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct ShipTo {
    name: String,
    address: Address,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Address {
    street: String,
    city: String,
    postal_code: String,
    country: String,
}

/// The order that is paid again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) order: String,
    /// It stays what it was, whatever the page shows prices in.
    pub(super) currency: Currency,
    ship_to: Option<ShipTo>,
}

impl Past {
    /// Fills in where the order went.
    pub(super) fn introduce(&self, form: &mut Form) {
        let Some(ShipTo { name, address }) = &self.ship_to else { return };
        for (field, value) in [
            (Field::Name, name),
            (Field::Street, &address.street),
            (Field::City, &address.city),
            (Field::PostalCode, &address.postal_code),
            (Field::Country, &address.country),
        ] {
            form.set(field, value.clone());
        }
    }
}

impl Order {
    /// What would be ordered; none where it was not cancelled.
    pub(super) fn again(self, order: &str) -> Option<(Cart, Past)> {
        let Self { total, ship_to, again } = self;
        Some((again?, Past { order: order.to_owned(), currency: total.currency, ship_to }))
    }
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, PAY};
    use crate::goods::sample::{cart, line};
    use crate::pay::form::{Field, Form};
    use crate::pay::state::{Access, Data, Done, access};
    use serde_json::{Value, json};
    use ui_kit::{Currency, Failure, graphql};

    fn order(again: &Value) -> Value {
        json!({"total": {"minor": 1800, "currency": "USD"}, "again": again, "shipTo": {"name": "Grace",
            "address": {"street": "1 Pier", "city": "Busan", "postalCode": "48000", "country": "KR"}}})
    }

    fn read(order: &Value) -> Access {
        let me =
            json!({"name": "Ada", "email": "ada@example.org", "cards": [], "storeCredit": null});
        let text = json!({"data": {"order": order, "me": me}}).to_string();
        access(Some("ord_1"), graphql::read(&text)).unwrap()
    }

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Done>(PAY);
    }

    #[test]
    fn a_cancelled_order_is_paid_in_its_own_currency_and_goes_where_it_went() {
        let lines = cart(&[line("mug", 2, "IN_STOCK", None)]);
        let Access::Open(desk) = read(&order(&lines)) else { panic!() };

        assert_eq!(desk.currency(Currency::Krw), Currency::Usd);
        assert!(desk.cart.can_be_ordered(Currency::Usd));
        let mut form = Form::default();
        desk.past.unwrap().introduce(&mut form);
        assert_eq!((form.get(Field::Name), form.get(Field::City)), ("Grace", "Busan"));
    }

    #[test]
    fn an_order_that_stands_or_is_not_ours_is_not_paid_again() {
        assert_eq!(read(&order(&Value::Null)), Access::Nothing);
        assert_eq!(read(&Value::Null), Access::Nothing);
    }

    #[test]
    fn a_failure_is_no_empty_page() {
        assert_eq!(access(Some("ord_1"), Err(Failure::Offline)), Err(Failure::Offline));
    }
}
