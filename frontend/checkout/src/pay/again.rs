//! Paying a cancelled order again: its lines at today's prices, shown as a cart is.

use json_kit::FromJson;
use ui_kit::i18n::Text;
use ui_kit::view::Stock;
use ui_kit::{Answer, Currency, Failure, Money};

use super::form::{Field, Form};
use super::state::{Access, Customer, Desk};
use crate::customer_fields;
use crate::goods::{self, Cart};

pub(super) const DOCUMENT: &str = concat!(
    "query Again($id: ID!) { order(id: $id) { status total { minor currency }
    lines { productId name { en ko } quantity unitPrice { minor currency }
        product { slug picture onSale prices { minor currency } stock { level left } } }
    shipTo { name address { street city postalCode country } } }",
    customer_fields!(),
    "}",
);

pub(super) const PAY: &str = "mutation PayAgain($input: PayAgainInput!, $key: String!) { placed: payAgain(input: $input, idempotencyKey: $key) { id } }";

/// The answer to the question.
#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
pub(super) struct Data {
    order: Option<Order>,
    me: Option<Customer>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Order {
    status: String,
    total: Money,
    lines: Vec<Line>,
    ship_to: Option<ShipTo>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Line {
    product_id: String,
    name: Text,
    quantity: u32,
    unit_price: Money,
    /// Absent while the catalog is away.
    product: Option<Product>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromJson)]
struct Product {
    slug: String,
    picture: String,
    on_sale: bool,
    prices: Vec<Money>,
    stock: Stock,
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

/// Who may pay what, of an answer about this order.
pub(super) fn access(
    order: &str,
    answer: Result<Answer<Data>, Failure>,
) -> Result<Access, Failure> {
    let answer = answer?;
    let Some(customer) = answer.field("me", answer.data.me.clone())? else {
        return Ok(Access::SignedOut);
    };
    let found = answer.field("order", answer.data.order.clone())?;
    let Some(found) = found.filter(|order| order.status == "CANCELLED") else {
        return Ok(Access::Nothing);
    };
    let currency = found.total.currency;
    let cart = cart(found.lines, currency);
    let past = Past { order: order.to_owned(), currency, ship_to: found.ship_to };
    Ok(Access::Open(Box::new(Desk { cart, customer, past: Some(past) })))
}

fn cart(lines: Vec<Line>, currency: Currency) -> Cart {
    let lines: Vec<_> = lines.into_iter().map(line).collect();
    let each = lines.iter().map(|line| Money::pick(&line.unit_prices, currency));
    let sums =
        each.zip(&lines).map(|(each, line)| each.map(|each| each.times(line.quantity).minor));
    let total = sums.sum::<Option<i64>>().map(|minor| Money { minor, currency });
    let count = lines.iter().map(|line| line.quantity).sum();
    Cart { id: None, version: 0, count, totals: total.into_iter().collect(), lines }
}

/// While the catalog is away, the old price is what is known; the shop says when it has changed.
fn line(line: Line) -> goods::Line {
    let Line { product_id, name, quantity, unit_price, product } = line;
    let (on_sale, unit_prices) = match &product {
        Some(product) => (product.on_sale, product.prices.clone()),
        None => (true, vec![unit_price]),
    };
    let product =
        product.map(|Product { slug, picture, stock, .. }| goods::Product { slug, picture, stock });
    goods::Line { product_id, name: Some(name), quantity, on_sale, unit_prices, product }
}

#[cfg(test)]
mod tests {
    use super::{Access, DOCUMENT, Data, PAY, access};
    use crate::pay::form::{Field, Form};
    use crate::pay::state::Placed;
    use serde_json::{Value, json};
    use ui_kit::{Currency, Failure, Money, graphql};

    fn usd(minor: i64) -> Value {
        json!({"minor": minor, "currency": "USD"})
    }

    fn order(status: &str, product: &Value) -> Value {
        let line = json!({"productId": "mug", "name": {"en": "Mug", "ko": "머그"}, "quantity": 2,
            "unitPrice": usd(900), "product": product});
        json!({"status": status, "total": usd(1800), "lines": [line], "shipTo": {"name": "Grace",
            "address": {"street": "1 Pier", "city": "Busan", "postalCode": "48000", "country": "KR"}}})
    }

    fn product() -> Value {
        json!({"slug": "mug", "picture": "mug", "onSale": true, "prices": [usd(1000)],
            "stock": {"level": "IN_STOCK", "left": null}})
    }

    fn read(order: &Value) -> Access {
        let me =
            json!({"name": "Ada", "email": "ada@example.org", "cards": [], "storeCredit": null});
        let text = json!({"data": {"order": order, "me": me}}).to_string();
        access("ord_1", graphql::read(&text)).unwrap()
    }

    #[test]
    fn what_it_asks_and_does_holds_against_the_schema() {
        query_check::holds::<Data>(DOCUMENT);
        query_check::holds::<Placed>(PAY);
    }

    #[test]
    fn a_cancelled_order_is_shown_at_todays_prices_and_goes_where_it_went() {
        let Access::Open(desk) = read(&order("CANCELLED", &product())) else { panic!() };

        let total = Money { minor: 2000, currency: Currency::Usd };
        assert_eq!((desk.cart.count, desk.cart.totals.as_slice()), (2, [total].as_slice()));
        assert!(desk.cart.can_be_ordered(Currency::Usd));
        let mut form = Form::default();
        desk.past.unwrap().introduce(&mut form);
        assert_eq!((form.get(Field::Name), form.get(Field::City)), ("Grace", "Busan"));
    }

    #[test]
    fn while_the_catalog_is_away_the_old_price_stands() {
        let Access::Open(desk) = read(&order("CANCELLED", &Value::Null)) else { panic!() };

        assert_eq!(desk.cart.totals, [Money { minor: 1800, currency: Currency::Usd }]);
        assert!(desk.cart.can_be_ordered(Currency::Usd));
    }

    #[test]
    fn an_order_that_stands_or_is_not_ours_is_not_paid_again() {
        assert_eq!(read(&order("CONFIRMED", &product())), Access::Nothing);
        assert_eq!(read(&Value::Null), Access::Nothing);
    }

    #[test]
    fn a_failure_is_no_empty_page() {
        assert_eq!(access("ord_1", Err(Failure::Offline)), Err(Failure::Offline));
    }
}
