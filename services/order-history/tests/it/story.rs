//! What happened to one order, told as the messages the producers publish.

use chrono::{DateTime, TimeDelta, Utc};
use order_history::document::Document;
use order_history::fact::Fact;
use order_history::receipt::Heard;
use shop_contracts::catalog::{ShortLine, StockLine, StockRejected, StockReleased, StockReserved};
use shop_contracts::order::{
    CancelReason, OrderCancelled, OrderConfirmed, OrderPlaced, PaymentMethod, PricedLine,
};
use shop_contracts::payment::{
    FailureReason, MethodSummary, PaymentFailed, PaymentProcessed, PaymentRefunded, RefundParked,
};
use shop_contracts::{Envelope, Message, RawEnvelope};
use shop_kernel::{
    Address, Contact, Currency, CustomerId, Locale, LocalizedText, Money, OrderId, PaymentId,
    ProductId, Quantity, RefundId,
};
use uuid::Uuid;

/// The trace every story belongs to.
pub(crate) const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

pub(crate) fn blue_mug() -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(0x0b10e))
}

/// One order's facts so far.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) order: OrderId,
    pub(crate) customer: CustomerId,
    pub(crate) said: Vec<RawEnvelope>,
    start: DateTime<Utc>,
    mugs: u32,
    currency: Currency,
    replaces: Option<OrderId>,
    versions: [u64; 3],
}

impl Story {
    /// Of a new order of `customer`: two blue mugs at 19.05 USD.
    pub(crate) fn of(customer: CustomerId) -> Self {
        Self {
            order: OrderId::generate(),
            customer,
            said: Vec::new(),
            start: "2026-11-20T10:00:00Z".parse().unwrap(),
            mugs: 2,
            currency: Currency::Usd,
            replaces: None,
            versions: [0; 3],
        }
    }

    /// Of a new order of someone.
    pub(crate) fn of_someone() -> Self {
        Self::of(CustomerId::generate())
    }

    pub(crate) fn starting(self, start: &str) -> Self {
        Self { start: start.parse().unwrap(), ..self }
    }

    pub(crate) fn with_mugs(self, mugs: u32, currency: Currency) -> Self {
        Self { mugs, currency, ..self }
    }

    pub(crate) fn replacing(self, order: OrderId) -> Self {
        Self { replaces: Some(order), ..self }
    }

    pub(crate) fn total(&self) -> Money {
        Money::new(1_905, self.currency).times(self.mugs).unwrap()
    }

    pub(crate) fn placed(self) -> Self {
        let line = PricedLine {
            product: blue_mug(),
            name: LocalizedText { en: "Blue mug".to_owned(), ko: "파란 머그".to_owned() },
            quantity: Quantity::new(self.mugs).unwrap(),
            unit_price: Money::new(1_905, self.currency),
            total: self.total(),
        };
        let address = Address {
            street: "12 Analytical Row".to_owned(),
            city: "London".to_owned(),
            postal_code: "N1".to_owned(),
            country: "GB".to_owned(),
        };
        let said = OrderPlaced {
            order: self.order,
            customer: self.customer,
            contact: Contact {
                name: "Ada".to_owned(),
                email: "ada@example.org".parse().unwrap(),
                address,
            },
            locale: Locale::En,
            lines: vec![line],
            total: self.total(),
            payment_method: PaymentMethod::StoreCredit,
            placed_at: self.start,
            expires_at: self.start + TimeDelta::minutes(15),
            replaces: self.replaces,
        };
        self.say("/order", said)
    }

    pub(crate) fn charged(self) -> Self {
        let said = PaymentProcessed {
            payment: self.payment(),
            order: self.order,
            customer: self.customer,
            amount: self.total(),
            method: visa(),
            processed_at: self.now(),
        };
        self.say("/payment", said)
    }

    pub(crate) fn declined(self) -> Self {
        let said = PaymentFailed {
            payment: self.payment(),
            order: self.order,
            customer: self.customer,
            amount: self.total(),
            reason: FailureReason::Declined,
            failed_at: self.now(),
        };
        self.say("/payment", said)
    }

    pub(crate) fn refunded(self) -> Self {
        let said = PaymentRefunded {
            payment: self.payment(),
            refund: self.refund(),
            order: self.order,
            customer: self.customer,
            amount: self.total(),
            method: visa(),
            refunded_at: self.now(),
        };
        self.say("/payment", said)
    }

    pub(crate) fn refund_parked(self) -> Self {
        let said = RefundParked {
            payment: self.payment(),
            refund: self.refund(),
            order: self.order,
            customer: self.customer,
            amount: self.total(),
            reason: "account closed".to_owned(),
            parked_at: self.now(),
        };
        self.say("/payment", said)
    }

    pub(crate) fn reserved(self) -> Self {
        let said =
            StockReserved { order: self.order, customer: self.customer, lines: self.stock_lines() };
        self.say("/catalog", said)
    }

    pub(crate) fn rejected(self) -> Self {
        let short = vec![ShortLine {
            product: blue_mug(),
            requested: Quantity::new(self.mugs).unwrap(),
            available: 1,
        }];
        let said = StockRejected { order: self.order, customer: self.customer, short };
        self.say("/catalog", said)
    }

    pub(crate) fn released(self) -> Self {
        let said =
            StockReleased { order: self.order, customer: self.customer, lines: self.stock_lines() };
        self.say("/catalog", said)
    }

    pub(crate) fn confirmed(self) -> Self {
        let said = OrderConfirmed {
            order: self.order,
            customer: self.customer,
            total: self.total(),
            confirmed_at: self.now(),
            cancellable_until: self.now() + TimeDelta::minutes(30),
        };
        self.say("/order", said)
    }

    pub(crate) fn cancelled(self, reason: CancelReason) -> Self {
        let was_confirmed = self.said.iter().any(|said| said.kind == OrderConfirmed::TYPE);
        let said = OrderCancelled {
            order: self.order,
            customer: self.customer,
            reason,
            was_confirmed,
            cancelled_at: self.now(),
        };
        self.say("/order", said)
    }

    /// Placed, charged, reserved, confirmed.
    pub(crate) fn all_well(self) -> Self {
        self.placed().charged().reserved().confirmed()
    }

    pub(crate) fn facts(&self) -> Vec<Fact> {
        self.said.iter().map(|said| Fact::read(said).unwrap()).collect()
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        let heard = |fact: Fact| Heard::from("order-history.facts", fact.clone(), fact.time);
        self.facts().into_iter().map(heard).collect()
    }

    pub(crate) fn document(&self) -> Document {
        Document::of(self.order, self.facts())
    }

    fn payment(&self) -> PaymentId {
        PaymentId::from_uuid(self.order.uuid())
    }

    fn refund(&self) -> RefundId {
        RefundId::from_uuid(self.order.uuid())
    }

    fn stock_lines(&self) -> Vec<StockLine> {
        vec![StockLine { product: blue_mug(), quantity: Quantity::new(self.mugs).unwrap() }]
    }

    /// One second after the fact before.
    fn now(&self) -> DateTime<Utc> {
        self.start + TimeDelta::seconds(i64::try_from(self.said.len()).unwrap())
    }

    fn say<T: Message>(mut self, source: &str, said: T) -> Self {
        let stream = match source {
            "/order" => 0,
            "/payment" => 1,
            _ => 2,
        };
        self.versions[stream] += 1;
        let envelope = Envelope::new(source, self.order, self.versions[stream], self.now(), said)
            .correlated(self.order)
            .caused_by(self.said.last().map(|cause| cause.id))
            .traced(Some(format!("00-{TRACE}-00f067aa0ba902b7-01")))
            .into_raw()
            .unwrap();
        self.said.push(envelope);
        self
    }
}

fn visa() -> MethodSummary {
    MethodSummary::Card { brand: "visa".to_owned(), last4: "4242".to_owned() }
}
