//! People, products and orders that the tests know by name.

use chrono::{DateTime, TimeDelta, Utc};
use shop_contracts::order::PaymentMethod;
use shop_kernel::{
    Address, CartId, Contact, Currency, CustomerId, GuestId, Locale, LocalizedText, Money, OrderId,
    PaymentId, ProductId, Quantity,
};
use uuid::Uuid;

use crate::domain::lines::{Line, Lines};
use crate::domain::order_event::Placed;

pub(crate) const ADA: CustomerId = CustomerId::from_uuid(id(0xada));
pub(crate) const HARU: CustomerId = CustomerId::from_uuid(id(0x4a0));
pub(crate) const VISITOR: GuestId = GuestId::from_uuid(id(0x6e5));
pub(crate) const BLUE_MUG: ProductId = ProductId::from_uuid(id(0xb10e));
pub(crate) const RED_BOWL: ProductId = ProductId::from_uuid(id(0x4ed));
pub(crate) const CART: CartId = CartId::from_uuid(id(0xca47));
pub(crate) const ORDER: OrderId = OrderId::from_uuid(id(0x04de4));
pub(crate) const PAYMENT: PaymentId = PaymentId::from_uuid(id(0x9a1d));

pub(crate) const CANCEL_WINDOW: TimeDelta = TimeDelta::minutes(30);

/// Version 7 and the right variant, with `last` as its last digits.
const fn id(last: u128) -> Uuid {
    Uuid::from_u128(0x0193_4567_89ab_7000_8000_0000_0000_0000 + last)
}

/// Nine in the morning of a Friday, and some minutes.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_777) + TimeDelta::minutes(9 * 60 + minutes)
}

pub(crate) fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::Usd)
}

pub(crate) fn quantity(count: u32) -> Quantity {
    Quantity::new(count).unwrap()
}

pub(crate) fn named(name: &str) -> LocalizedText {
    LocalizedText { en: name.to_owned(), ko: format!("{name} (ko)") }
}

pub(crate) fn line(product: ProductId, name: &str, count: u32, unit_price: Money) -> Line {
    Line::new(product, named(name), quantity(count), unit_price).unwrap()
}

pub(crate) fn contact() -> Contact {
    Contact {
        name: "Ada Lovelace".to_owned(),
        email: "ada@example.org".parse().unwrap(),
        address: Address {
            street: "12 St James's Square".to_owned(),
            city: "London".to_owned(),
            postal_code: "SW1Y 4JH".to_owned(),
            country: "GB".to_owned(),
        },
    }
}

/// Two blue mugs and a red bowl, placed at nine; gives up at a quarter past.
pub(crate) fn placement() -> Placed {
    Placed {
        order: ORDER,
        customer: ADA,
        cart: Some(CART),
        replaces: None,
        contact: contact(),
        locale: Locale::En,
        lines: Lines::new(vec![
            line(BLUE_MUG, "Blue mug", 2, usd(1_250)),
            line(RED_BOWL, "Red bowl", 1, usd(1_800)),
        ])
        .unwrap(),
        payment_method: PaymentMethod::StoreCredit,
        placed_at: at(0),
        expires_at: at(15),
    }
}
