//! What a password must be to be taken.

use secrecy::{ExposeSecret as _, SecretString};
use shop_kernel::EmailAddress;

/// A password somebody may protect an account with.
///
/// Length and guessability only (NIST SP 800-63B): rules about digits and signs make passwords
/// worse.
#[derive(Debug)]
pub struct NewPassword(SecretString);

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Guessed by trying.
    #[error("a password has at least {} characters", NewPassword::MIN_LENGTH)]
    TooShort,
    /// Longer than anything a person or their password manager makes.
    #[error("a password has at most {} bytes", NewPassword::MAX_BYTES)]
    TooLong,
    /// A few characters, repeated.
    #[error("the password repeats too few characters")]
    TooSimple,
    /// The first thing anyone would try.
    #[error("the password is the email address or a part of it")]
    Personal,
}

impl NewPassword {
    /// The fewest characters.
    pub const MIN_LENGTH: usize = 10;
    /// The most bytes: what is hashed stays small whatever is sent.
    pub const MAX_BYTES: usize = 256;
    /// Fewer different characters than this are a pattern, not a password.
    const MIN_DISTINCT: usize = 5;

    /// Takes a password for the account of `email`.
    ///
    /// # Errors
    /// When it is too easily guessed.
    pub fn parse(text: SecretString, email: &EmailAddress) -> Result<Self, WeakPassword> {
        let password = text.expose_secret();
        if password.len() > Self::MAX_BYTES {
            return Err(WeakPassword::TooLong);
        }
        if password.chars().count() < Self::MIN_LENGTH {
            return Err(WeakPassword::TooShort);
        }
        if is_part_of(email, password) {
            return Err(WeakPassword::Personal);
        }
        let mut distinct: Vec<char> = password.chars().collect();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < Self::MIN_DISTINCT {
            return Err(WeakPassword::TooSimple);
        }
        Ok(Self(text))
    }

    /// The password, for the one who hashes it.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

fn is_part_of(email: &EmailAddress, password: &str) -> bool {
    let password = password.trim().to_lowercase();
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or((email.as_str(), ""));
    [email.as_str(), local, domain].contains(&password.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(), WeakPassword> {
        let email = "ada.lovelace@example.org".parse().unwrap();
        NewPassword::parse(text.into(), &email).map(drop)
    }

    #[test]
    fn a_long_password_of_any_characters_is_taken() {
        for password in
            ["demo-ada-2026", "correct horse battery", "열 글자가 넘는 암호", "          ab12"]
        {
            assert_eq!(parse(password), Ok(()), "{password:?}");
        }
    }

    #[test]
    fn a_password_that_is_easily_guessed_is_refused() {
        for (password, reason) in [
            ("", WeakPassword::TooShort),
            ("123456789", WeakPassword::TooShort),
            ("aaaaaaaaaaaaaaaa", WeakPassword::TooSimple),
            ("1212121212121212", WeakPassword::TooSimple),
            ("Ada.Lovelace@example.org", WeakPassword::Personal),
            (" ada.lovelace ", WeakPassword::Personal),
        ] {
            assert_eq!(parse(password), Err(reason), "{password:?}");
        }
        assert_eq!(parse(&"long".repeat(65)), Err(WeakPassword::TooLong));
    }

    #[test]
    fn a_password_is_never_printed() {
        let email = "ada@example.org".parse().unwrap();
        let password = NewPassword::parse("correct horse".into(), &email).unwrap();

        assert!(!format!("{password:?}").contains("horse"));
    }
}
