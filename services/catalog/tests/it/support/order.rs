//! What the order service would say.

use chassis_messaging::Received;
use chrono::TimeDelta;
use shop_contracts::order::{CancelReason, OrderCancelled, OrderPlaced, PaymentMethod, PricedLine};
use shop_contracts::{Envelope, RawEnvelope, routing};
use shop_kernel::{
    Address, Clock as _, Contact, Currency, CustomerId, Locale, LocalizedText, Money, OrderId,
    ProductId, Quantity, SystemClock,
};
use uuid::Uuid;

/// An order of Ada's, and what is said about it.
#[derive(Debug, Clone)]
pub(crate) struct AdasOrder {
    pub(crate) id: OrderId,
    lines: Vec<(ProductId, u32)>,
}

/// The customer of every order here.
pub(crate) fn ada() -> CustomerId {
    CustomerId::from_uuid(Uuid::from_u128(0xada))
}

/// A message as the consumer hands it to the handler.
pub(crate) fn received(envelope: RawEnvelope) -> Received {
    Received::new(routing::CATALOG_ORDERS, 1, SystemClock.now(), envelope)
}

impl AdasOrder {
    pub(crate) fn of(lines: &[(ProductId, u32)]) -> Self {
        Self { id: OrderId::generate(), lines: lines.to_vec() }
    }

    pub(crate) fn placed(&self) -> RawEnvelope {
        let price = Money::new(1000, Currency::Usd);
        let now = SystemClock.now();
        let line = |(product, count): &(ProductId, u32)| PricedLine {
            product: *product,
            name: LocalizedText { en: "Thing".to_owned(), ko: "물건".to_owned() },
            quantity: Quantity::new(*count).unwrap(),
            unit_price: price,
            total: price.times(*count).unwrap(),
        };
        let lines: Vec<_> = self.lines.iter().map(line).collect();
        let total = Money::sum(Currency::Usd, lines.iter().map(|line| line.total)).unwrap();
        let placed = OrderPlaced {
            order: self.id,
            customer: ada(),
            contact: Contact {
                name: "Ada Lovelace".to_owned(),
                email: "ada@example.org".parse().unwrap(),
                address: Address {
                    street: "12 St James's Square".to_owned(),
                    city: "London".to_owned(),
                    postal_code: "SW1Y 4JH".to_owned(),
                    country: "GB".to_owned(),
                },
            },
            locale: Locale::En,
            lines,
            total,
            payment_method: PaymentMethod::StoreCredit,
            placed_at: now,
            expires_at: now + TimeDelta::minutes(15),
            replaces: None,
        };
        let envelope = Envelope::new("/order", self.id, 1, now, placed);
        envelope.correlated(self.id).into_raw().unwrap()
    }

    pub(crate) fn cancelled(&self) -> RawEnvelope {
        let now = SystemClock.now();
        let cancelled = OrderCancelled {
            order: self.id,
            customer: ada(),
            reason: CancelReason::ByCustomer,
            was_confirmed: false,
            cancelled_at: now,
        };
        let envelope = Envelope::new("/order", self.id, 2, now, cancelled);
        envelope.correlated(self.id).into_raw().unwrap()
    }
}
