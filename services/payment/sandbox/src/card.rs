//! Card numbers: held so that they cannot be printed, and what the well-known test numbers do.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

/// A card number somebody typed. It has no `Display`, no `Serialize`, and a silent `Debug`.
#[derive(Clone)]
pub struct CardNumber(SecretString);

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardNumber(..)")
    }
}

/// Why a number names no card here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// Not 12 to 19 digits, or the check digit is wrong.
    #[error("the card number is not valid")]
    Invalid,
    /// It may be somebody's real card.
    #[error("the sandbox takes its test numbers only")]
    NotATestNumber,
}

/// How a card behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Behavior {
    /// Charges and refunds go through.
    Approves,
    /// The issuer declines every charge.
    Declines,
    /// There is too little on it.
    LacksFunds,
    /// It can be stored, but the first charge shows that it does not work.
    FailsWhenCharged,
    /// Charges go through, and the answer is slow to come.
    IsSlow,
    /// Charges go through, and are not taken back.
    RefusesRefunds,
}

/// What is known of a card once its number is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Its brand, as `visa`.
    pub brand: String,
    /// The last four digits of its number.
    pub last4: String,
    /// How it behaves.
    pub behavior: Behavior,
}

/// The test numbers, as every payment provider's manual has them.
const TEST_CARDS: [(&str, &str, Behavior); 8] = [
    ("4242424242424242", "visa", Behavior::Approves),
    ("5555555555554444", "mastercard", Behavior::Approves),
    ("378282246310005", "amex", Behavior::Approves),
    ("4000000000000002", "visa", Behavior::Declines),
    ("4000000000009995", "visa", Behavior::LacksFunds),
    ("4000000000000341", "visa", Behavior::FailsWhenCharged),
    ("4000000000006975", "visa", Behavior::IsSlow),
    ("4000000000005126", "visa", Behavior::RefusesRefunds),
];

impl CardNumber {
    /// Takes what was typed, without blanks and hyphens.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        Self(digits.into())
    }

    /// Finds out what card it is.
    ///
    /// # Errors
    /// When it is no card number, or none of the test numbers.
    pub fn look_up(&self) -> Result<Card, CardError> {
        let number = self.0.expose_secret();
        if !(12..=19).contains(&number.len()) || !passes_luhn(number) {
            return Err(CardError::Invalid);
        }
        let (number, brand, behavior) = TEST_CARDS
            .iter()
            .find(|(test, ..)| *test == number)
            .ok_or(CardError::NotATestNumber)?;
        let last4 = number.get(number.len() - 4..).unwrap_or_default().to_owned();
        Ok(Card { brand: (*brand).to_owned(), last4, behavior: *behavior })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_number_behaves_as_the_manual_says() {
        for (typed, brand, last4, behavior) in [
            ("4242 4242 4242 4242", "visa", "4242", Behavior::Approves),
            ("4000-0000-0000-0002", "visa", "0002", Behavior::Declines),
            ("4000000000009995", "visa", "9995", Behavior::LacksFunds),
            ("4000 0000 0000 0341", "visa", "0341", Behavior::FailsWhenCharged),
            ("4000 0000 0000 6975", "visa", "6975", Behavior::IsSlow),
            ("4000 0000 0000 5126", "visa", "5126", Behavior::RefusesRefunds),
            ("3782 822463 10005", "amex", "0005", Behavior::Approves),
        ] {
            let card = CardNumber::typed(typed).look_up().unwrap();

            assert_eq!((card.brand.as_str(), card.last4.as_str()), (brand, last4));
            assert_eq!(card.behavior, behavior, "{typed}");
        }
    }

    #[test]
    fn what_is_no_card_number_is_refused() {
        for typed in ["", "4242", "4242424242424241", "4242 4242 4242 424x", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢"]
        {
            assert_eq!(CardNumber::typed(typed).look_up(), Err(CardError::Invalid), "{typed}");
        }
    }

    #[test]
    fn a_number_that_may_be_somebodys_is_refused() {
        let card = CardNumber::typed("4111 1111 1111 1111").look_up();

        assert_eq!(card, Err(CardError::NotATestNumber));
    }

    #[test]
    fn a_card_number_does_not_print() {
        let number = CardNumber::typed("4242424242424242");

        assert!(!format!("{number:?}").contains("4242"));
    }
}
