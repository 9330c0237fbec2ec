//! What the desk could not do, as problems.

use chassis::Problem;

use super::code;
use crate::bank::BankError;
use crate::desk::DeskError;

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        let error = match error {
            DeskError::Bank(error) => error,
            DeskError::Ledger(error) => return Self::internal(error),
        };
        let detail = error.to_string();
        match error {
            BankError::KeyReused => Self::conflict(code::KEY_REUSED, detail),
            BankError::UnknownToken => Self::unprocessable(code::UNKNOWN_TOKEN, detail),
            BankError::UnknownCharge => Self::not_found(code::UNKNOWN_CHARGE, detail),
            BankError::NothingCharged => Self::conflict(code::NOTHING_CHARGED, detail),
            BankError::TooMuch => Self::conflict(code::TOO_MUCH, detail),
            BankError::NotPositive => Self::unprocessable(code::NOT_POSITIVE, detail),
        }
    }
}
