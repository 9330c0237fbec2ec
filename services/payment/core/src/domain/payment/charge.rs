//! Taking the money: once, from the customer's own method, and never begun too late.

use chrono::{DateTime, Utc};
use shop_contracts::order::PaymentMethod;
use shop_contracts::payment::{FailureReason, MethodSummary};

use super::{Payment, PaymentError};
use crate::domain::{
    CardOnFile, CardToken, Charge, ChargeAnswer, ChargeRequest, CreditAccount, CreditError,
    PaymentEvent, State,
};

/// What beginning a charge leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// Store the payment, then ask the provider this.
    Ask(ChargeRequest),
    /// There will be no charge.
    Failed(PaymentEvent),
    /// No charge is due (any more).
    Nothing,
}

impl Payment {
    /// Begins a charge, or repeats one whose answer is not known; `card` is what the bill names.
    ///
    /// A charge that began in time may be repeated after the bill expired: nobody knows whether the
    /// money was taken, and only the provider's answer tells.
    ///
    /// # Errors
    /// When it is not paid by card.
    pub fn begin_charge(
        &mut self,
        card: Option<&CardOnFile>,
        now: DateTime<Utc>,
    ) -> Result<Begin, PaymentError> {
        let PaymentMethod::Card(method) = self.bill.method else {
            return Err(PaymentError::OtherMethod);
        };
        match &self.state {
            State::Due if now > self.bill.expires_at => {
                Ok(Begin::Failed(self.fail(FailureReason::Expired, now)))
            }
            State::Due => {
                let own = card.filter(|card| card.id == method && card.owner == self.bill.customer);
                let Some(card) = own else {
                    return Ok(Begin::Failed(self.fail(FailureReason::MethodNotYours, now)));
                };
                self.state = State::Charging {
                    token: card.token.clone(),
                    method: card.summary(),
                    cancelled: false,
                };
                Ok(Begin::Ask(self.charge_request(card.token.clone())))
            }
            State::Charging { token, .. } => Ok(Begin::Ask(self.charge_request(token.clone()))),
            State::Withdrawn
            | State::Failed { .. }
            | State::Charged(_)
            | State::RefundDue { .. }
            | State::RefundParked { .. }
            | State::Refunded { .. } => Ok(Begin::Nothing),
        }
    }

    /// Takes note of the provider's answer; `None` when it was noted before.
    ///
    /// # Errors
    /// When no charge was begun.
    pub fn settle_charge(
        &mut self,
        answer: ChargeAnswer,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentEvent>, PaymentError> {
        match &self.state {
            State::Charging { method, cancelled, .. } => Ok(Some(match answer {
                ChargeAnswer::Approved => {
                    let (method, cancelled) = (method.clone(), *cancelled);
                    self.charged(method, cancelled, now)
                }
                ChargeAnswer::Refused(refusal) => self.fail(refusal.into(), now),
            })),
            State::Due | State::Withdrawn => Err(PaymentError::NeverBegun),
            State::Failed { .. }
            | State::Charged(_)
            | State::RefundDue { .. }
            | State::RefundParked { .. }
            | State::Refunded { .. } => Ok(None),
        }
    }

    /// Charges the customer's store credit; `None` when no charge is due (any more).
    ///
    /// # Errors
    /// When it is not paid with store credit, or the account is another's.
    pub fn charge_credit(
        &mut self,
        account: &mut CreditAccount,
        now: DateTime<Utc>,
    ) -> Result<Option<PaymentEvent>, PaymentError> {
        if self.bill.method != PaymentMethod::StoreCredit {
            return Err(PaymentError::OtherMethod);
        }
        if self.state != State::Due {
            return Ok(None);
        }
        if now > self.bill.expires_at {
            return Ok(Some(self.fail(FailureReason::Expired, now)));
        }
        match account.reserve(self.bill.amount) {
            Ok(()) => Ok(Some(self.charged(MethodSummary::StoreCredit, false, now))),
            Err(CreditError::LimitExceeded { .. }) => {
                Ok(Some(self.fail(FailureReason::CreditLimitExceeded, now)))
            }
            Err(error) => Err(PaymentError::Credit(error)),
        }
    }

    fn charged(
        &mut self,
        method: MethodSummary,
        cancelled: bool,
        at: DateTime<Utc>,
    ) -> PaymentEvent {
        let charge = Charge { method: method.clone(), at };
        let state = if cancelled {
            State::RefundDue { charge, refusals: 0, parked_before: false }
        } else {
            State::Charged(charge)
        };
        self.become_after(state, PaymentEvent::Charged { method, at })
    }

    fn charge_request(&self, token: CardToken) -> ChargeRequest {
        ChargeRequest { key: self.id(), order: self.bill.order, token, amount: self.bill.amount }
    }
}
