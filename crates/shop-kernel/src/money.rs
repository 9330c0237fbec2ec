//! Money: an integer count of minor units, and its currency.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A currency the shop sells in, written as its ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// South Korean won: no minor unit.
    Krw,
    /// United States dollar: 100 cents.
    Usd,
}

impl Currency {
    /// Every currency the shop sells in.
    pub const ALL: [Self; 2] = [Self::Krw, Self::Usd];

    /// The ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Usd => "USD",
        }
    }

    /// How many decimal digits the minor unit takes (ISO 4217's exponent).
    #[must_use]
    pub const fn exponent(self) -> u32 {
        match self {
            Self::Krw => 0,
            Self::Usd => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::ALL.into_iter().find(|c| c.code() == code).ok_or(MoneyError::UnknownCurrency)
    }
}

/// An amount in minor units of one currency; negative only as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// The count of minor units: cents for USD, won for KRW.
    pub minor: i64,
    /// What the units are of.
    pub currency: Currency,
}

/// Why two amounts have no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The amounts are of two currencies.
    #[error("amounts of {0} and {1} have no sum")]
    CurrencyMismatch(Currency, Currency),
    /// The result is larger than any real amount.
    #[error("the amount is too large")]
    Overflow,
    /// The text names no currency of the shop.
    #[error("not a currency the shop sells in")]
    UnknownCurrency,
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// When the currencies differ or the sum overflows.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.combined(other, i64::checked_add)
    }

    /// The difference of two amounts of one currency; may be negative.
    ///
    /// # Errors
    /// When the currencies differ or the difference overflows.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.combined(other, i64::checked_sub)
    }

    /// The amount, `count` times.
    ///
    /// # Errors
    /// When the product overflows.
    pub fn times(self, count: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(count)).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The sum of amounts that are all of `currency`; zero for none.
    ///
    /// # Errors
    /// When one is of another currency or the sum overflows.
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    fn combined(
        self,
        other: Self,
        combine: impl Fn(i64, i64) -> Option<i64>,
    ) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let minor = combine(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let scale = 10_u64.pow(exponent);
        let (minor, sign) = (self.minor.unsigned_abs(), if self.minor < 0 { "-" } else { "" });
        if exponent == 0 {
            return write!(f, "{sign}{minor} {}", self.currency);
        }
        let width = exponent as usize;
        write!(f, "{sign}{}.{:0width$} {}", minor / scale, minor % scale, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_prints_with_the_digits_of_its_currency() {
        for (money, text) in [
            (Money::new(1_905, Currency::Usd), "19.05 USD"),
            (Money::new(-5, Currency::Usd), "-0.05 USD"),
            (Money::new(19_000, Currency::Krw), "19000 KRW"),
            (Money::new(i64::MIN, Currency::Krw), "-9223372036854775808 KRW"),
        ] {
            assert_eq!(money.to_string(), text);
        }
    }

    #[test]
    fn an_amount_with_a_field_too_many_is_refused() {
        let text = r#"{"minor": 1, "currency": "USD", "discount": 1}"#;

        assert!(serde_json::from_str::<Money>(text).is_err());
    }

    fn usd() -> impl Strategy<Value = Money> {
        (-1_000_000_000_i64..1_000_000_000).prop_map(|minor| Money::new(minor, Currency::Usd))
    }

    proptest! {
        #[test]
        fn addition_does_not_care_for_order(a in usd(), b in usd(), c in usd()) {
            prop_assert_eq!(a.plus(b), b.plus(a));
            prop_assert_eq!(a.plus(b)?.plus(c), a.plus(b.plus(c)?));
        }

        #[test]
        fn subtraction_undoes_addition(a in usd(), b in usd()) {
            prop_assert_eq!(a.plus(b)?.minus(b), Ok(a));
        }

        #[test]
        fn times_is_repeated_addition(a in usd(), count in 0_u32..50) {
            let repeated = (0..count).map(|_| a);

            prop_assert_eq!(a.times(count), Money::sum(Currency::Usd, repeated));
        }

        #[test]
        fn currencies_never_mix(a in usd(), minor in any::<i64>()) {
            let won = Money::new(minor, Currency::Krw);
            let refused = Err(MoneyError::CurrencyMismatch(Currency::Usd, Currency::Krw));

            prop_assert_eq!(a.plus(won), refused);
            prop_assert_eq!(a.minus(won), refused);
        }

        #[test]
        fn an_amount_too_large_is_an_error_and_never_wraps(a in any::<i64>(), b in any::<i64>()) {
            let exact = i128::from(a) + i128::from(b);
            let sum = Money::new(a, Currency::Krw).plus(Money::new(b, Currency::Krw));

            match i64::try_from(exact) {
                Ok(minor) => prop_assert_eq!(sum, Ok(Money::new(minor, Currency::Krw))),
                Err(_) => prop_assert_eq!(sum, Err(MoneyError::Overflow)),
            }
        }
    }
}
