//! Ada's order of a blue mug, and what may happen to its payment.

use chrono::{DateTime, TimeDelta, Utc};
use shop_contracts::order::PaymentMethod;
use shop_contracts::payment::MethodSummary;
use shop_kernel::{Currency, CustomerId, Money, OrderId, PaymentMethodId};
use uuid::Uuid;

use crate::domain::*;

pub(super) fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

pub(super) fn after_expiry() -> DateTime<Utc> {
    noon() + TimeDelta::minutes(16)
}

pub(super) fn ada() -> CustomerId {
    CustomerId::from_uuid(Uuid::from_u128(0xada))
}

pub(super) fn adas_card() -> CardOnFile {
    CardOnFile {
        id: PaymentMethodId::from_uuid(Uuid::from_u128(0xca4d)),
        owner: ada(),
        token: CardToken::new("tok_ada".to_owned()),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
    }
}

pub(super) fn total() -> Money {
    Money::new(1_950, Currency::Usd)
}

pub(super) fn bill(method: PaymentMethod) -> Bill {
    Bill {
        order: OrderId::from_uuid(Uuid::from_u128(1)),
        customer: ada(),
        amount: total(),
        method,
        expires_at: noon() + TimeDelta::minutes(15),
    }
}

pub(super) fn adas_credit(limit: i64) -> CreditAccount {
    CreditAccount::open(ada(), Money::new(limit, Currency::Usd)).unwrap()
}

pub(super) fn due() -> Payment {
    Payment::open(bill(PaymentMethod::Card(adas_card().id)))
}

pub(super) fn due_on_credit() -> Payment {
    Payment::open(bill(PaymentMethod::StoreCredit))
}

pub(super) fn begun() -> Payment {
    let mut payment = due();
    payment.begin_charge(Some(&adas_card()), noon()).unwrap();
    payment
}

pub(super) fn charged() -> Payment {
    let mut payment = begun();
    payment.settle_charge(ChargeAnswer::Approved, noon()).unwrap();
    payment
}

pub(super) fn cancelled_after_the_charge() -> Payment {
    let mut payment = charged();
    payment.cancel();
    payment
}

pub(super) fn parked() -> Payment {
    let mut payment = cancelled_after_the_charge();
    payment.settle_refund(refused(), 1, noon()).unwrap();
    payment
}

pub(super) fn refused() -> RefundAnswer {
    RefundAnswer::Refused { reason: "account closed".to_owned() }
}

pub(super) fn by_card() -> MethodSummary {
    adas_card().summary()
}
