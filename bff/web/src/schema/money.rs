//! Money, and the words every page uses.

use async_graphql::{Enum, InputObject, InputValueError, InputValueResult, Scalar, ScalarType};
use async_graphql::{SimpleObject, Value};
use serde::{Deserialize, Serialize};

/// A count of minor units. GraphQL's `Int` ends at 32 bits, and won do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct MinorUnits(pub(crate) i64);

/// A count of minor units: cents for USD, won for KRW. A JSON integer that may exceed 32 bits.
#[Scalar]
impl ScalarType for MinorUnits {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => match number.as_i64() {
                Some(minor) => Ok(Self(minor)),
                None => Err(InputValueError::custom("an amount is a whole number of minor units")),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::Number(self.0.into())
    }
}

/// A currency the shop sells in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Currency {
    /// South Korean won: no minor unit.
    Krw,
    /// United States dollar: 100 cents.
    Usd,
}

impl Currency {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Krw => "KRW",
            Self::Usd => "USD",
        }
    }
}

/// A language the shop speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Locale {
    /// English.
    En,
    /// Korean.
    Ko,
}

/// An amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, SimpleObject, InputObject, Serialize, Deserialize)]
#[graphql(input_name = "MoneyInput")]
pub(crate) struct Money {
    pub(crate) minor: MinorUnits,
    pub(crate) currency: Currency,
}

/// A text in every language the shop speaks.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject, Deserialize)]
pub(crate) struct Text {
    pub(crate) en: String,
    pub(crate) ko: String,
}
