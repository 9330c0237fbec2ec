//! Giving the money back: in full, once, and by an operator's hand when the provider will not.

use chrono::{DateTime, Utc};
use shop_contracts::order::PaymentMethod;

use super::{Payment, PaymentError};
use crate::domain::{CreditAccount, PaymentEvent, RefundAnswer, RefundRequest, State, refund_key};

impl Payment {
    /// The refund to ask the provider for; `None` when none is due (any more).
    ///
    /// # Errors
    /// When it was not paid by card.
    pub fn refund_request(&self) -> Result<Option<RefundRequest>, PaymentError> {
        if self.bill.method == PaymentMethod::StoreCredit {
            return Err(PaymentError::OtherMethod);
        }
        let State::RefundDue { refusals, .. } = &self.state else {
            return Ok(None);
        };
        Ok(Some(RefundRequest {
            key: refund_key(self.refund_id(), *refusals),
            charge: self.id(),
            amount: self.bill.amount,
        }))
    }

    /// Takes note of the provider's answer: after `attempts` refusals the refund is parked.
    ///
    /// `None` when that is nothing others need to know (yet). A refund that an operator tried again
    /// is parked again at the first refusal, and others know of it already.
    ///
    /// # Errors
    /// When no refund was due.
    pub fn settle_refund(
        &mut self,
        answer: RefundAnswer,
        attempts: u32,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentEvent>, PaymentError> {
        let (charge, refusals, parked_before) = match &self.state {
            State::RefundDue { charge, refusals, parked_before } => {
                (charge.clone(), refusals.saturating_add(1), *parked_before)
            }
            State::RefundParked { .. } | State::Refunded { .. } => return Ok(None),
            State::Due
            | State::Charging { .. }
            | State::Withdrawn
            | State::Failed { .. }
            | State::Charged(_) => return Err(PaymentError::NeverBegun),
        };
        let reason = match answer {
            RefundAnswer::Refunded => return Ok(self.refunded(now)),
            RefundAnswer::Refused { reason } => reason,
        };
        if !parked_before && refusals < attempts {
            self.state = State::RefundDue { charge, refusals, parked_before };
            return Ok(None);
        }
        let parked = State::RefundParked { charge, refusals, reason: reason.clone(), at: now };
        if parked_before {
            self.state = parked;
            return Ok(None);
        }
        Ok(Some(self.become_after(parked, PaymentEvent::RefundParked { reason, at: now })))
    }

    /// Gives store credit back; `None` when no refund is due (any more).
    ///
    /// # Errors
    /// When it was not paid with store credit, or the account does not know of the charge.
    pub fn refund_credit(
        &mut self,
        account: &mut CreditAccount,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentEvent>, PaymentError> {
        if self.bill.method != PaymentMethod::StoreCredit {
            return Err(PaymentError::OtherMethod);
        }
        if !matches!(self.state, State::RefundDue { .. }) {
            return Ok(None);
        }
        account.release(self.bill.amount).map_err(PaymentError::Credit)?;
        Ok(self.refunded(now))
    }

    /// Lets a parked refund be tried once more.
    ///
    /// # Errors
    /// When no refund is parked.
    pub fn retry_refund(&mut self) -> Result<(), PaymentError> {
        let State::RefundParked { charge, refusals, .. } = &self.state else {
            return Err(PaymentError::NotParked);
        };
        self.state =
            State::RefundDue { charge: charge.clone(), refusals: *refusals, parked_before: true };
        Ok(())
    }

    fn refunded(&mut self, at: DateTime<Utc>) -> Option<PaymentEvent> {
        let charge = self.state.charge()?.clone();
        let event = PaymentEvent::Refunded { method: charge.method.clone(), at };
        Some(self.become_after(State::Refunded { charge, at }, event))
    }
}
