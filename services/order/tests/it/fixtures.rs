//! People and products the tests know by name.

use chrono::{DateTime, TimeDelta, Utc};
use shop_contracts::catalog::ProductChanged;
use shop_kernel::{
    Address, Contact, Currency, CustomerId, GuestId, LocalizedText, Money, ProductId, Quantity,
};
use uuid::Uuid;

pub(crate) const ADA: CustomerId = CustomerId::from_uuid(id(0xada));
pub(crate) const HARU: CustomerId = CustomerId::from_uuid(id(0x4a0));
pub(crate) const VISITOR: GuestId = GuestId::from_uuid(id(0x6e5));
pub(crate) const BLUE_MUG: ProductId = ProductId::from_uuid(id(0xb10e));
pub(crate) const RED_BOWL: ProductId = ProductId::from_uuid(id(0x4ed));

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

/// A product on sale at so many cents, and at 13 won a cent.
pub(crate) fn product(product: ProductId, name: &str, cents: i64, version: u64) -> ProductChanged {
    ProductChanged {
        product,
        version,
        name: named(name),
        prices: vec![usd(cents), Money::new(cents * 13, Currency::Krw)],
        on_sale: true,
    }
}
