//! The published messages, byte for byte as consumers read them in their tests.

use std::path::PathBuf;

use shop_contracts::order::PaymentMethod;
use shop_contracts::payment::FailureReason;
use shop_kernel::{Currency, CustomerId, Money, OrderId, PaymentMethodId};
use uuid::Uuid;

use super::*;
use crate::domain::*;

fn noon() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn adas_card() -> CardOnFile {
    CardOnFile {
        id: PaymentMethodId::from_uuid(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_ca4d)),
        owner: CustomerId::from_uuid(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_0ada)),
        token: CardToken::new("tok_ada".to_owned()),
        brand: "visa".to_owned(),
        last4: "4242".to_owned(),
    }
}

fn due() -> Payment {
    Payment::open(Bill {
        order: OrderId::from_uuid(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_0001)),
        customer: adas_card().owner,
        amount: Money::new(4_250, Currency::Usd),
        method: PaymentMethod::Card(adas_card().id),
        expires_at: noon() + chrono::TimeDelta::minutes(15),
    })
}

fn charged() -> (Payment, PaymentEvent) {
    let mut payment = due();
    payment.begin_charge(Some(&adas_card()), noon()).unwrap();
    let event = payment.settle_charge(ChargeAnswer::Approved, noon()).unwrap().unwrap();
    (payment, event)
}

fn settled_refund(answer: RefundAnswer) -> (Payment, PaymentEvent) {
    let (mut payment, _) = charged();
    payment.cancel();
    let event = payment.settle_refund(answer, 1, noon()).unwrap().unwrap();
    (payment, event)
}

/// Compares with the golden file; `UPDATE_GOLDEN=1` writes it instead.
fn assert_golden(number: u128, (payment, event): (Payment, PaymentEvent)) {
    let mut message = announce(&payment, event).unwrap();
    message.id = Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_00e0_0000 + number);
    message.causation_id = Some(Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_00e0_0010));
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    message.traceparent = Some(traceparent.to_owned());
    let text = serde_json::to_string_pretty(&message).unwrap() + "\n";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../crates/shop-contracts/golden/payment")
        .join(format!("{}.json", message.kind));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }

    let golden = std::fs::read_to_string(&path).unwrap();

    assert_eq!(golden, text, "{} is not what is published", path.display());
}

#[test]
fn a_charge_is_published_as_in_its_golden_file() {
    assert_golden(1, charged());
}

#[test]
fn a_failure_is_published_as_in_its_golden_file() {
    let mut payment = due();
    payment.begin_charge(Some(&adas_card()), noon()).unwrap();
    let answer = ChargeAnswer::Refused(ChargeRefusal::InsufficientFunds);

    let event = payment.settle_charge(answer, noon()).unwrap().unwrap();

    assert!(matches!(event, PaymentEvent::Failed { reason: FailureReason::InsufficientFunds, .. }));
    assert_golden(2, (payment, event));
}

#[test]
fn a_refund_is_published_as_in_its_golden_file() {
    assert_golden(3, settled_refund(RefundAnswer::Refunded));
}

#[test]
fn a_parked_refund_is_published_as_in_its_golden_file() {
    let reason = "the card account is closed".to_owned();

    assert_golden(4, settled_refund(RefundAnswer::Refused { reason }));
}
