#![doc = include_str!("../README.md")]

mod clock;
mod contact;
mod id;
mod money;
mod quantity;

pub use clock::{Clock, ManualClock, SystemClock};
pub use contact::{Address, Contact, EmailAddress, InvalidEmailAddress, Locale, LocalizedText};
pub use id::{
    CartId, CustomerId, GuestId, InvalidId, OrderId, PaymentId, PaymentMethodId, ProductId,
    RefundId,
};
pub use money::{Currency, Money, MoneyError};
pub use quantity::{InvalidQuantity, Quantity};
