//! What went wrong, as clients are told. The README lists the codes.

use std::time::Duration;

use chassis::Problem;
use chrono::TimeDelta;

use crate::accounts::RegisterError;
use crate::hasher::HashError;
use crate::keys::RotateError;
use crate::sessions::{RefreshError, SignInError};

const EMAIL_TAKEN: &str = "email-taken";
const WEAK_PASSWORD: &str = "weak-password";
const WRONG_CREDENTIALS: &str = "wrong-credentials";
const TOO_MANY_ATTEMPTS: &str = "too-many-attempts";
const PASSWORDS_BUSY: &str = "passwords-busy";
const REFRESH_TOKEN_INVALID: &str = "refresh-token-invalid";
pub(super) const WRONG_SECRET: &str = "wrong-secret";
pub(super) const NO_SESSION: &str = "no-session";
pub(super) const CUSTOMER_GONE: &str = "customer-gone";
const KEY_PENDING: &str = "key-pending";

/// Every code of identity's own.
pub const CODES: [&str; 10] = [
    EMAIL_TAKEN,
    WEAK_PASSWORD,
    WRONG_CREDENTIALS,
    TOO_MANY_ATTEMPTS,
    PASSWORDS_BUSY,
    REFRESH_TOKEN_INVALID,
    WRONG_SECRET,
    NO_SESSION,
    CUSTOMER_GONE,
    KEY_PENDING,
];

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Weak(reason) => Self::unprocessable(WEAK_PASSWORD, reason.to_string()),
            RegisterError::EmailTaken => Self::conflict(EMAIL_TAKEN, error.to_string()),
            RegisterError::Hash(error) => error.into(),
            RegisterError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::unauthorized(WRONG_CREDENTIALS, error.to_string()),
            SignInError::TooMany { retry_after } => too_many(retry_after),
            SignInError::Hash(error) => error.into(),
            SignInError::Store(error) => error.into(),
            SignInError::Random(_) => Self::internal(error),
        }
    }
}

impl From<RefreshError> for Problem {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Invalid => Self::unauthorized(REFRESH_TOKEN_INVALID, error.to_string()),
            RefreshError::Store(error) => error.into(),
            RefreshError::Random(_) => Self::internal(error),
        }
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::unavailable(PASSWORDS_BUSY, error.to_string()),
            HashError::Failed(_) => Self::internal(error),
        }
    }
}

impl From<RotateError> for Problem {
    fn from(error: RotateError) -> Self {
        match error {
            RotateError::Pending | RotateError::Raced => {
                Self::conflict(KEY_PENDING, error.to_string())
            }
            RotateError::Store(error) => error.into(),
            RotateError::Signing(_) | RotateError::Corrupt(_) => Self::internal(error),
        }
    }
}

/// Too often from one address, or on one account from there.
pub(super) fn too_many(retry_after: TimeDelta) -> Problem {
    let retry_after = retry_after.to_std().unwrap_or(Duration::ZERO).max(Duration::from_secs(1));
    Problem::too_many(TOO_MANY_ATTEMPTS, "too many attempts from this address", retry_after)
}
