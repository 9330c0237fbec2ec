//! What payment and catalog say, and a catalog that can be asked.

use std::sync::Arc;

use chassis_messaging::{Broker, Relay, Wake, outbox};
use shop_contracts::catalog::{ProductChanged, StockRejected, StockReserved};
use shop_contracts::payment::{FailureReason, MethodSummary, PaymentFailed, PaymentProcessed};
use shop_contracts::{Envelope, Message, RawEnvelope};
use shop_kernel::{Money, OrderId, PaymentId, SystemClock};

use crate::fixtures::*;

fn said<M: Message>(source: &str, subject: impl ToString, data: M) -> RawEnvelope {
    Envelope::new(source, subject, 1, at(1), data).into_raw().unwrap()
}

pub(crate) fn processed(order: OrderId, amount: Money) -> RawEnvelope {
    let payment = PaymentId::from_uuid(order.uuid());
    let method = MethodSummary::StoreCredit;
    let data =
        PaymentProcessed { payment, order, customer: ADA, amount, method, processed_at: at(1) };
    said("/payment", payment, data).correlated(order)
}

pub(crate) fn failed(order: OrderId) -> RawEnvelope {
    let payment = PaymentId::from_uuid(order.uuid());
    let (amount, reason) = (usd(2_500), FailureReason::Declined);
    let data = PaymentFailed { payment, order, customer: ADA, amount, reason, failed_at: at(1) };
    said("/payment", payment, data).correlated(order)
}

pub(crate) fn reserved(order: OrderId) -> RawEnvelope {
    let data = StockReserved { order, customer: ADA, lines: vec![] };
    said("/catalog", order, data).correlated(order)
}

pub(crate) fn rejected(order: OrderId) -> RawEnvelope {
    let short = vec![shop_contracts::catalog::ShortLine {
        product: BLUE_MUG,
        requested: quantity(2),
        available: 1,
    }];
    said("/catalog", order, StockRejected { order, customer: ADA, short }).correlated(order)
}

pub(crate) fn changed(product: &ProductChanged) -> RawEnvelope {
    said("/catalog", product.product, product.clone())
}

/// Publishes messages as another service would, so that its feed has them.
pub(crate) async fn publish(
    db: &sea_orm::DatabaseConnection,
    broker: Arc<dyn Broker>,
    messages: &[RawEnvelope],
) {
    outbox::append(db, messages).await.unwrap();
    let stop = tokio_util::sync::CancellationToken::new();
    stop.cancel();
    // Told to stop it publishes once more what is there, and ends.
    let clock = Arc::new(SystemClock);
    Relay::new("catalog", db.clone(), broker, clock, Wake::default()).run(stop).await;
}
