//! A payment service in memory, and the means to run it, stop it and look at it.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;
use shop_contracts::order::PaymentMethod;
use shop_kernel::{Clock, Currency, CustomerId, ManualClock, Money, OrderId, PaymentMethodId};

use super::memory::*;
use crate::app::*;
use crate::domain::*;
use crate::ports::Revised;

pub(super) struct World {
    pub(super) payments: Payments,
    pub(super) books: MemoryBooks,
    pub(super) provider: Arc<MemoryProvider>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) bill: Bill,
}

pub(super) fn refused() -> RefundAnswer {
    RefundAnswer::Refused { reason: "account closed".to_owned() }
}

impl World {
    pub(super) fn by_card(charge: ChargeAnswer, refund: RefundAnswer) -> Self {
        Self::new(charge, refund, PaymentMethod::Card)
    }

    pub(super) fn on_credit() -> Self {
        Self::new(ChargeAnswer::Approved, RefundAnswer::Refunded, |_| PaymentMethod::StoreCredit)
    }

    fn new(
        charge: ChargeAnswer,
        refund: RefundAnswer,
        method: impl Fn(PaymentMethodId) -> PaymentMethod,
    ) -> Self {
        let ada = CustomerId::generate();
        let card = CardOnFile {
            id: PaymentMethodId::generate(),
            owner: ada,
            token: CardToken::new("tok_ada".to_owned()),
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
        };
        let clock = Arc::new(ManualClock::default());
        let bill = Bill {
            order: OrderId::generate(),
            customer: ada,
            amount: Money::new(1_950, Currency::Usd),
            method: method(card.id),
            expires_at: clock.now() + TimeDelta::minutes(15),
        };
        let provider = Arc::new(MemoryProvider {
            charge,
            refund: Mutex::new(refund),
            is_down: Mutex::default(),
            charges: Mutex::default(),
            refunds: Mutex::default(),
        });
        let policy = Policy { refund_attempts: 3, credit_limits: [(Currency::Usd, 20_000)].into() };
        let payments =
            Payments::new(Arc::new(OneCard(card)), provider.clone(), clock.clone(), policy);
        Self { payments, books: MemoryBooks::default(), provider, clock, bill }
    }

    pub(super) fn place(&self) -> Result<(), PaymentsError> {
        complete(self.payments.open(&self.books, self.bill.clone()))
    }

    pub(super) fn cancel(&self) -> Result<(), PaymentsError> {
        complete(self.payments.cancel(&self.books, self.bill.order, self.bill.customer))
    }

    /// Does the work that is due until none is left, as workers do; at most a few times.
    pub(super) fn work(&self) {
        for _ in 0..10 {
            match self.work_due() {
                Some(work) => drop(complete(self.attempt(work))),
                None => return,
            }
        }
    }

    pub(super) async fn attempt(&self, work: Work) -> Result<Progress, PaymentsError> {
        let id = payment_of(self.bill.order);
        match work {
            Work::Charge => self.payments.charge(&self.books, id).await,
            Work::Refund => self.payments.refund(&self.books, id).await,
        }
    }

    pub(super) fn work_due(&self) -> Option<Work> {
        self.state().and_then(|state| state.work())
    }

    pub(super) fn state(&self) -> Option<State> {
        let rows = self.books.0.lock().unwrap();
        let payment = rows.record.as_ref().and_then(|record| record.value.payment());
        payment.map(|payment| payment.state().clone())
    }

    pub(super) fn told(&self) -> Vec<&'static str> {
        let name = |event: &PaymentEvent| match event {
            PaymentEvent::Charged { .. } => "charged",
            PaymentEvent::Failed { .. } => "failed",
            PaymentEvent::Refunded { .. } => "refunded",
            PaymentEvent::RefundParked { .. } => "parked",
        };
        self.books.0.lock().unwrap().told.iter().map(name).collect()
    }

    pub(super) fn credit_used(&self) -> i64 {
        let rows = self.books.0.lock().unwrap();
        rows.credit.get(&Currency::Usd).map_or(0, |Revised { value, .. }| value.used().minor)
    }

    /// How often the provider moved money: charges, refunds.
    pub(super) fn moves(&self) -> (usize, usize) {
        let charges = self.provider.charges.lock().unwrap();
        let refunds = self.provider.refunds.lock().unwrap();
        (
            charges.values().filter(|answer| **answer == ChargeAnswer::Approved).count(),
            refunds.values().filter(|answer| **answer == RefundAnswer::Refunded).count(),
        )
    }
}

/// Runs a future to its end.
pub(super) fn complete<T>(future: impl Future<Output = T>) -> T {
    run_for(future, usize::MAX).unwrap()
}

/// Polls a future so many times and then drops it, as a kill would; none when it did not end.
pub(super) fn run_for<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
    }
    None
}
