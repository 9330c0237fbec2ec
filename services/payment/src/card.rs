//! A card as somebody typed it: held so that it cannot be printed, stored or sent by accident.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};

/// A card number. It has no `Display`, no `Serialize`, and a silent `Debug`.
#[derive(Clone)]
pub struct CardNumber(SecretString);

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardNumber(..)")
    }
}

/// A text that is no card number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a card number")]
pub struct InvalidCardNumber;

impl CardNumber {
    /// Takes what was typed, without blanks and hyphens.
    ///
    /// # Errors
    /// When it is not 12 to 19 digits, or the check digit shows a slip.
    pub fn parse(text: &SecretString) -> Result<Self, InvalidCardNumber> {
        let typed = text.expose_secret().chars();
        let digits: String = typed.filter(|c| !matches!(c, ' ' | '-')).collect();
        let number = SecretString::from(digits);
        let fits = (12..=19).contains(&number.expose_secret().len());
        if fits && passes_luhn(number.expose_secret()) {
            Ok(Self(number))
        } else {
            Err(InvalidCardNumber)
        }
    }

    /// The number itself, for the provider and nobody else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The last four digits, which may be kept.
    #[must_use]
    pub fn last4(&self) -> &str {
        let number = self.0.expose_secret();
        number.get(number.len().saturating_sub(4)..).unwrap_or_default()
    }
}

/// The check-digit formula of ISO/IEC 7812-1, annex B.
fn passes_luhn(number: &str) -> bool {
    let mut sum = 0;
    for (place, character) in number.chars().rev().enumerate() {
        let Some(digit) = character.to_digit(10) else {
            return false;
        };
        sum += match (place % 2, digit) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        };
    }
    sum % 10 == 0
}

/// Everything a customer reads off a card, on its way to the provider.
#[derive(Debug, Clone)]
pub struct CardDetails {
    /// The number.
    pub number: CardNumber,
    /// 1 to 12.
    pub expiry_month: u32,
    /// With four digits.
    pub expiry_year: i32,
    /// The digits on the back.
    pub cvc: SecretString,
    /// The name on the front.
    pub holder: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<CardNumber, InvalidCardNumber> {
        CardNumber::parse(&SecretString::from(text.to_owned()))
    }

    #[test]
    fn a_number_is_read_with_blanks_and_hyphens_and_does_not_print() {
        let number = parse("4242 4242-4242 4242").unwrap();

        assert_eq!((number.expose(), number.last4()), ("4242424242424242", "4242"));
        assert!(!format!("{number:?}").contains("4242"));
    }

    #[test]
    fn a_slip_is_noticed() {
        for text in ["", "4242424242424241", "42424242", "4242424242424242x", "4２42424242424242"]
        {
            assert!(parse(text).is_err(), "{text} was taken");
        }
    }
}
