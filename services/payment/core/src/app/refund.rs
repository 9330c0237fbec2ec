//! Refunding: ask the provider outside any transaction, store its answer, park what it refuses.

use shop_contracts::order::PaymentMethod;
use shop_kernel::PaymentId;

use super::charge::{changed, payment};
use super::{Payments, PaymentsError, Progress, ROUNDS, settled};
use crate::domain::{RefundAnswer, RefundRequest, State};
use crate::ports::{Books, Change, SaveError};

impl Payments {
    /// Gives a charge back that is due to be. Safe to call again at any time.
    ///
    /// # Errors
    /// When the store does not answer, or contradicts itself.
    pub async fn refund(
        &self,
        books: &dyn Books,
        id: PaymentId,
    ) -> Result<Progress, PaymentsError> {
        let (mut read, mut known) = payment(books, id).await?;
        if known.bill().method == PaymentMethod::StoreCredit {
            return self.give_credit_back(books, id).await;
        }
        if matches!(known.state(), State::RefundParked { .. }) {
            // Work for a parked refund was opened again by hand: that is an operator's retry too.
            self.retry_refund(books, id).await?;
            (read, known) = payment(books, id).await?;
        }
        let request = known.refund_request().map_err(|error| PaymentsError::Payment(id, error))?;
        let Some(request) = request else {
            settled(books.save(Change { read: Some(read), ..Change::default() }).await)?;
            return Ok(Progress::Settled);
        };
        match self.provider.refund(&request).await {
            Ok(answer) => self.settle_refund(books, id, &request, answer).await,
            Err(no_answer) => Ok(Progress::Again(no_answer.to_string())),
        }
    }

    /// Lets a parked refund be tried once more, as an operator wants it.
    ///
    /// # Errors
    /// When there is no such payment, it has no parked refund, or the store does not answer.
    pub async fn retry_refund(
        &self,
        books: &dyn Books,
        id: PaymentId,
    ) -> Result<(), PaymentsError> {
        for _ in 0..ROUNDS {
            let (read, mut payment) = payment(books, id).await?;
            payment.retry_refund().map_err(|error| PaymentsError::Payment(id, error))?;
            if settled(books.save(changed(read, payment, None)).await)? {
                return Ok(());
            }
        }
        Err(PaymentsError::Contended(id))
    }

    async fn settle_refund(
        &self,
        books: &dyn Books,
        id: PaymentId,
        request: &RefundRequest,
        answer: RefundAnswer,
    ) -> Result<Progress, PaymentsError> {
        for _ in 0..ROUNDS {
            let (read, mut payment) = payment(books, id).await?;
            let asked_now = payment.refund_request();
            // Another worker stored the answer to this key: what it asks next is its business.
            if asked_now.ok().flatten().is_none_or(|now| now.key != request.key) {
                return Ok(Progress::Settled);
            }
            let event = payment
                .settle_refund(answer.clone(), self.policy.refund_attempts, self.clock.now())
                .map_err(|error| PaymentsError::Payment(id, error))?;
            let again = matches!(payment.state(), State::RefundDue { .. });
            match books.save(changed(read, payment, event)).await {
                Ok(()) if again => return Ok(Progress::Again("the refund was refused".to_owned())),
                Ok(()) | Err(SaveError::Superseded) => return Ok(Progress::Settled),
                Err(SaveError::Conflict) => {}
                Err(SaveError::Store(error)) => return Err(error.into()),
            }
        }
        Err(PaymentsError::Contended(id))
    }

    async fn give_credit_back(
        &self,
        books: &dyn Books,
        id: PaymentId,
    ) -> Result<Progress, PaymentsError> {
        for _ in 0..ROUNDS {
            let (read, mut payment) = payment(books, id).await?;
            let mut credit = self.credit_of(books, &payment).await?;
            let event = payment
                .refund_credit(&mut credit.value, self.clock.now())
                .map_err(|error| PaymentsError::Payment(id, error))?;
            let credit = event.is_some().then_some(credit);
            let change = Change { credit, ..changed(read, payment, event) };
            if settled(books.save(change).await)? {
                return Ok(Progress::Settled);
            }
        }
        Err(PaymentsError::Contended(id))
    }
}
