//! What could not be done, as problems.

use chassis::Problem;
use payment_core::app::PaymentsError;
use payment_core::domain::PaymentError;
use payment_core::ports::StoreError;

use super::code;
use crate::outbound::provider::TokenizeError;
use crate::outbound::reports::ReportError;

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Store(error) => error.into(),
            ReportError::Row(_) | ReportError::Account(_) => Self::internal(error),
        }
    }
}

impl From<TokenizeError> for Problem {
    fn from(error: TokenizeError) -> Self {
        match error {
            TokenizeError::Refused(errors) => {
                Self::unprocessable(code::CARD_NOT_VALID, "this card cannot be stored")
                    .with_errors(errors)
            }
            TokenizeError::NoAnswer(_) => {
                let detail = "the payment provider does not answer; nothing was stored";
                Self::unavailable(code::PROVIDER_UNAVAILABLE, detail).caused_by(error)
            }
        }
    }
}

/// Not a `From`: an operator's retry is the only act of a person that can meet these.
pub(super) fn of_retry(error: PaymentsError) -> Problem {
    match error {
        PaymentsError::Payment(_, PaymentError::NotParked) => {
            Problem::conflict(code::NOT_PARKED, "this refund is not parked")
        }
        PaymentsError::Unknown(_) => {
            Problem::not_found(code::REFUND_UNKNOWN, "there is no such refund")
        }
        PaymentsError::Contended(_) => {
            Problem::conflict(code::CONTENDED, "the payment changes just now: try again")
        }
        PaymentsError::Store(StoreError::Unavailable(_)) => {
            Problem::unavailable("store-unavailable", "the store does not answer").caused_by(error)
        }
        PaymentsError::Store(StoreError::Failed(_))
        | PaymentsError::Payment(..)
        | PaymentsError::Credit(_) => Problem::internal(error),
    }
}
