//! What others tell about an order, as envelopes.

use chrono::{DateTime, TimeDelta, Utc};
use shop_contracts::order::{
    CancelReason, OrderCancelled, OrderConfirmed, OrderPlaced, PaymentMethod, PricedLine,
};
use shop_contracts::payment::{MethodSummary, PaymentProcessed, PaymentRefunded};
use shop_contracts::{Envelope, Message, RawEnvelope};
use shop_kernel::{
    Address, Clock as _, Contact, Currency, CustomerId, Locale, LocalizedText, Money, OrderId,
    PaymentId, ProductId, Quantity, RefundId, SystemClock,
};

/// An order and the facts about it.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) order: OrderId,
    pub(crate) customer: CustomerId,
    pub(crate) locale: Locale,
    pub(crate) email: String,
    payment: PaymentId,
    at: DateTime<Utc>,
}

/// Two blue mugs in dollars, for Ada.
pub(crate) fn ada() -> Story {
    Story {
        order: OrderId::generate(),
        customer: CustomerId::generate(),
        locale: Locale::En,
        email: "ada@example.org".to_owned(),
        payment: PaymentId::generate(),
        at: SystemClock.now(),
    }
}

/// Two blue mugs in won, for Haru.
pub(crate) fn haru() -> Story {
    Story { locale: Locale::Ko, email: "haru@example.org".to_owned(), ..ada() }
}

impl Story {
    pub(crate) fn total(&self) -> Money {
        match self.locale {
            Locale::En => Money::new(3_810, Currency::Usd),
            Locale::Ko => Money::new(38_000, Currency::Krw),
        }
    }

    pub(crate) fn placed(&self) -> RawEnvelope {
        let total = self.total();
        let mug = PricedLine {
            product: ProductId::generate(),
            name: LocalizedText {
                en: "The blue mug".to_owned(), ko: "파란 머그잔".to_owned()
            },
            quantity: Quantity::new(2).unwrap(),
            unit_price: Money::new(total.minor / 2, total.currency),
            total,
        };
        let address = Address {
            street: "12 St James's Square".to_owned(),
            city: "London".to_owned(),
            postal_code: "SW1Y 4JH".to_owned(),
            country: "GB".to_owned(),
        };
        let name = if self.locale == Locale::En { "Ada" } else { "하루" };
        self.order_says(
            1,
            OrderPlaced {
                order: self.order,
                customer: self.customer,
                contact: Contact {
                    name: name.to_owned(),
                    email: self.email.parse().unwrap(),
                    address,
                },
                locale: self.locale,
                lines: vec![mug],
                total,
                payment_method: PaymentMethod::StoreCredit,
                placed_at: self.at,
                expires_at: self.at + TimeDelta::minutes(15),
                replaces: None,
            },
        )
    }

    pub(crate) fn confirmed(&self) -> RawEnvelope {
        self.order_says(
            2,
            OrderConfirmed {
                order: self.order,
                customer: self.customer,
                total: self.total(),
                confirmed_at: self.at,
                cancellable_until: self.at + TimeDelta::minutes(30),
            },
        )
    }

    pub(crate) fn cancelled(&self, reason: CancelReason) -> RawEnvelope {
        self.order_says(
            3,
            OrderCancelled {
                order: self.order,
                customer: self.customer,
                reason,
                was_confirmed: false,
                cancelled_at: self.at,
            },
        )
    }

    pub(crate) fn processed(&self) -> RawEnvelope {
        self.payment_says(
            1,
            PaymentProcessed {
                payment: self.payment,
                order: self.order,
                customer: self.customer,
                amount: self.total(),
                method: card(),
                processed_at: self.at,
            },
        )
    }

    pub(crate) fn refunded(&self) -> RawEnvelope {
        self.payment_says(
            2,
            PaymentRefunded {
                payment: self.payment,
                refund: RefundId::generate(),
                order: self.order,
                customer: self.customer,
                amount: self.total(),
                method: card(),
                refunded_at: self.at,
            },
        )
    }

    fn order_says<T: Message>(&self, version: u64, data: T) -> RawEnvelope {
        let envelope = Envelope::new("/order", self.order, version, self.at, data);
        envelope.correlated(self.order).into_raw().unwrap()
    }

    fn payment_says<T: Message>(&self, version: u64, data: T) -> RawEnvelope {
        let envelope = Envelope::new("/payment", self.payment, version, self.at, data);
        envelope.correlated(self.order).into_raw().unwrap()
    }
}

fn card() -> MethodSummary {
    MethodSummary::Card { brand: "visa".to_owned(), last4: "4242".to_owned() }
}
