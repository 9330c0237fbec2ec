//! Ports in memory. Each call takes two polls, one before and one after its effect, so that a test
//! can stop a use case on either side of it.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use async_trait::async_trait;
use shop_kernel::{Currency, CustomerId, PaymentId, PaymentMethodId};

use crate::domain::*;
use crate::ports::*;

/// One poll without an effect: a place to stop at.
pub(super) fn pause() -> impl Future<Output = ()> + Send {
    struct Pause(bool);
    impl Future for Pause {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
        }
    }
    Pause(false)
}

#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) record: Option<Revised<Record>>,
    pub(super) credit: BTreeMap<Currency, Revised<CreditAccount>>,
    pub(super) told: Vec<PaymentEvent>,
    pub(super) conflicts_to_come: u32,
}

/// The books of one order; every occasion may write, as long as its revision holds.
#[derive(Debug, Default, Clone)]
pub(super) struct MemoryBooks(pub(super) Arc<Mutex<Rows>>);

#[async_trait]
impl Books for MemoryBooks {
    async fn record(&self, _: PaymentId) -> Result<Option<Revised<Record>>, StoreError> {
        pause().await;
        Ok(self.0.lock().unwrap().record.clone())
    }

    async fn credit(
        &self,
        _: CustomerId,
        currency: Currency,
    ) -> Result<Option<Revised<CreditAccount>>, StoreError> {
        pause().await;
        Ok(self.0.lock().unwrap().credit.get(&currency).cloned())
    }

    async fn save(&self, change: Change) -> Result<(), SaveError> {
        pause().await;
        self.commit(change)?;
        pause().await;
        Ok(())
    }
}

impl MemoryBooks {
    fn commit(&self, change: Change) -> Result<(), SaveError> {
        let mut rows = self.0.lock().unwrap();
        if rows.conflicts_to_come > 0 {
            rows.conflicts_to_come -= 1;
            return Err(SaveError::Conflict);
        }
        let revision = |stored: Option<i64>| stored.unwrap_or_default();
        let read = revision(change.read.as_ref().map(|read| read.revision));
        if read != revision(rows.record.as_ref().map(|stored| stored.revision)) {
            return Err(SaveError::Conflict);
        }
        if let Some(credit) = change.credit {
            let currency = credit.value.limit().currency;
            let stored = rows.credit.get(&currency).map(|stored| stored.revision);
            if credit.revision != revision(stored) {
                return Err(SaveError::Conflict);
            }
            let revision = credit.revision + 1;
            rows.credit.insert(currency, Revised { value: credit.value, revision });
        }
        if let Some(value) = change.record {
            rows.record = Some(Revised { value, revision: read + 1 });
        }
        rows.told.extend(change.event);
        Ok(())
    }
}

/// Ada's one card.
#[derive(Debug)]
pub(super) struct OneCard(pub(super) CardOnFile);

#[async_trait]
impl Cards for OneCard {
    async fn find(&self, id: PaymentMethodId) -> Result<Option<CardOnFile>, StoreError> {
        pause().await;
        Ok((self.0.id == id).then(|| self.0.clone()))
    }
}

/// A provider that honours keys, and answers as the test sets it.
#[derive(Debug)]
pub(super) struct MemoryProvider {
    pub(super) charge: ChargeAnswer,
    pub(super) refund: Mutex<RefundAnswer>,
    pub(super) is_down: Mutex<bool>,
    pub(super) charges: Mutex<BTreeMap<PaymentId, ChargeAnswer>>,
    pub(super) refunds: Mutex<BTreeMap<shop_kernel::RefundId, RefundAnswer>>,
}

#[async_trait]
impl Provider for MemoryProvider {
    async fn charge(&self, request: &ChargeRequest) -> Result<ChargeAnswer, NoAnswer> {
        pause().await;
        if *self.is_down.lock().unwrap() {
            return Err(NoAnswer { reason: "503".to_owned() });
        }
        let answer = *self.charges.lock().unwrap().entry(request.key).or_insert(self.charge);
        pause().await;
        Ok(answer)
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundAnswer, NoAnswer> {
        pause().await;
        let now = self.refund.lock().unwrap().clone();
        let answer = self.refunds.lock().unwrap().entry(request.key).or_insert(now).clone();
        pause().await;
        Ok(answer)
    }
}
