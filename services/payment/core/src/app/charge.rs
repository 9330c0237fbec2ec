//! Charging: begin, ask the provider outside any transaction, store its answer.

use shop_contracts::order::PaymentMethod;
use shop_kernel::PaymentId;

use super::{Payments, PaymentsError, Progress, ROUNDS, settled};
use crate::domain::{
    Begin, ChargeAnswer, ChargeRequest, CreditAccount, Payment, PaymentEvent, Record,
};
use crate::ports::{Books, Change, Revised, SaveError};

impl Payments {
    /// Charges a payment that is due. Safe to call again at any time, even at the same time.
    ///
    /// # Errors
    /// When the store does not answer, or contradicts itself.
    pub async fn charge(
        &self,
        books: &dyn Books,
        id: PaymentId,
    ) -> Result<Progress, PaymentsError> {
        let Some(request) = self.begin(books, id).await? else {
            return Ok(Progress::Settled);
        };
        match self.provider.charge(&request).await {
            Ok(answer) => {
                self.settle(books, id, answer).await?;
                Ok(Progress::Settled)
            }
            Err(no_answer) => Ok(Progress::Again(no_answer.to_string())),
        }
    }

    /// Stores that the charge has begun, so that whoever repeats it knows; none when there is
    /// nothing to ask.
    async fn begin(
        &self,
        books: &dyn Books,
        id: PaymentId,
    ) -> Result<Option<ChargeRequest>, PaymentsError> {
        for _ in 0..ROUNDS {
            let (read, mut payment) = payment(books, id).await?;
            let (change, request) = match payment.bill().method {
                PaymentMethod::StoreCredit => (self.on_credit(books, read, payment).await?, None),
                PaymentMethod::Card(method) => {
                    let card = self.cards.find(method).await?;
                    let begin = payment
                        .begin_charge(card.as_ref(), self.clock.now())
                        .map_err(|error| PaymentsError::Payment(id, error))?;
                    match begin {
                        Begin::Ask(request) => (changed(read, payment, None), Some(request)),
                        Begin::Failed(event) => (changed(read, payment, Some(event)), None),
                        Begin::Nothing => (Change { read: Some(read), ..Change::default() }, None),
                    }
                }
            };
            match books.save(change).await {
                Ok(()) => return Ok(request),
                Err(SaveError::Superseded) => return Ok(None),
                Err(SaveError::Conflict) => {}
                Err(SaveError::Store(error)) => return Err(error.into()),
            }
        }
        Err(PaymentsError::Contended(id))
    }

    async fn on_credit(
        &self,
        books: &dyn Books,
        read: Revised<Record>,
        mut payment: Payment,
    ) -> Result<Change, PaymentsError> {
        let id = payment.id();
        let mut credit = self.credit_of(books, &payment).await?;
        let event = payment
            .charge_credit(&mut credit.value, self.clock.now())
            .map_err(|error| PaymentsError::Payment(id, error))?;
        let Some(event) = event else {
            return Ok(Change { read: Some(read), ..Change::default() });
        };
        let charged = matches!(event, PaymentEvent::Charged { .. });
        let change = changed(read, payment, Some(event));
        Ok(Change { credit: charged.then_some(credit), ..change })
    }

    async fn settle(
        &self,
        books: &dyn Books,
        id: PaymentId,
        answer: ChargeAnswer,
    ) -> Result<(), PaymentsError> {
        for _ in 0..ROUNDS {
            let (read, mut payment) = payment(books, id).await?;
            let event = payment
                .settle_charge(answer, self.clock.now())
                .map_err(|error| PaymentsError::Payment(id, error))?;
            if settled(books.save(changed(read, payment, event)).await)? {
                return Ok(());
            }
        }
        Err(PaymentsError::Contended(id))
    }

    /// The store credit a payment is made from; opened with the default limit at its first use.
    pub(super) async fn credit_of(
        &self,
        books: &dyn Books,
        payment: &Payment,
    ) -> Result<Revised<CreditAccount>, PaymentsError> {
        let (customer, currency) = (payment.bill().customer, payment.bill().amount.currency);
        if let Some(account) = books.credit(customer, currency).await? {
            return Ok(account);
        }
        let value = CreditAccount::open(customer, self.policy.credit_limit(currency))?;
        Ok(Revised { value, revision: 0 })
    }
}

/// A payment as it is stored, to read and to change.
pub(super) async fn payment(
    books: &dyn Books,
    id: PaymentId,
) -> Result<(Revised<Record>, Payment), PaymentsError> {
    let read = books.record(id).await?.ok_or(PaymentsError::Unknown(id))?;
    let payment = read.value.payment().ok_or(PaymentsError::Unknown(id))?.clone();
    Ok((read, payment))
}

pub(super) fn changed(
    read: Revised<Record>,
    payment: Payment,
    event: Option<PaymentEvent>,
) -> Change {
    Change { read: Some(read), record: Some(Record::Payment(payment)), event, credit: None }
}
