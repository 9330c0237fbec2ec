//! Typed ids: a UUID each, printed with the prefix of what it names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// A text that is not an id of the kind it was read as.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {expected}_ followed by 32 hexadecimal digits")]
pub struct InvalidId {
    expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The text every id of this kind starts with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a new id; ids made later sort after it.
            #[must_use]
            pub fn generate() -> Self {
                Self(Uuid::now_v7())
            }

            /// Wraps a stored or derived UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, as stores keep it.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse($prefix, text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A shopping cart.
    CartId = "crt";
    /// A registered customer, operator or service account.
    CustomerId = "cus";
    /// A visitor who has not signed in.
    GuestId = "gst";
    /// An order.
    OrderId = "ord";
    /// The one payment of an order.
    PaymentId = "pay";
    /// A tokenised means of payment of one customer.
    PaymentMethodId = "pm";
    /// A product of the catalog.
    ProductId = "prd";
    /// A refund of a payment.
    RefundId = "ref";
}

fn parse(prefix: &'static str, text: &str) -> Result<Uuid, InvalidId> {
    let invalid = InvalidId { expected: prefix };
    let digits =
        text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(invalid.clone())?;
    // One spelling per id: `Uuid` would also take hyphens, braces and capitals.
    if digits.len() != 32 || digits.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(invalid);
    }
    Uuid::try_parse(digits).map_err(|_| invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_what_it_prints() {
        let id = OrderId::generate();

        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::from_str::<OrderId>(&format!("\"{id}\"")).unwrap(), id);
    }

    #[test]
    fn ids_have_one_spelling() {
        let id = OrderId::from_uuid(Uuid::from_u128(0xabc));

        for text in [
            id.to_string().to_uppercase(),
            format!("ord_{}", id.uuid()),
            format!("ord_{{{}}}", id.uuid()),
            format!("pay_{}", id.uuid().simple()),
            id.uuid().simple().to_string(),
            "ord_".to_owned(),
            String::new(),
        ] {
            assert!(text.parse::<OrderId>().is_err(), "{text} was taken");
        }
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let ids: Vec<_> = (0..100).map(|_| OrderId::generate()).collect();

        assert!(ids.is_sorted());
    }
}
