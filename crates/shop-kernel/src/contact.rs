//! Who a customer is to the people who write to them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language the shop speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

/// A text in every language the shop speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalizedText {
    /// The text in English.
    pub en: String,
    /// The text in Korean.
    pub ko: String,
}

impl LocalizedText {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Ko => &self.ko,
        }
    }
}

/// An address mail can be sent to, in lower case.
///
/// Checked for shape only (something, one `@`, a domain with a dot or `localhost`): whether it
/// exists, only a mail can tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A text that cannot be an email address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an email address")]
pub struct InvalidEmailAddress;

impl EmailAddress {
    /// The longest address SMTP carries (RFC 5321, section 4.5.3.1.3, less the angle brackets).
    pub const MAX_LENGTH: usize = 254;

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmailAddress;

    fn from_str(text: &str) -> Result<Self, InvalidEmailAddress> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmailAddress)?;
        let plain = |part: &str| {
            // Line breaks and angle brackets would let an address write headers of its own.
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| !c.is_whitespace() && !c.is_control() && !"<>(),;:\"[]\\@".contains(c))
        };
        let named = domain == "localhost"
            || (domain.contains('.') && domain.split('.').all(|label| !label.is_empty()));
        if text.len() > Self::MAX_LENGTH || !plain(local) || !plain(domain) || !named {
            return Err(InvalidEmailAddress);
        }
        Ok(Self(text))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmailAddress;

    fn try_from(text: String) -> Result<Self, InvalidEmailAddress> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where an order goes. Lines are free text, as printed on a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// City or district.
    pub city: String,
    /// Postal code, in the form of its country.
    pub postal_code: String,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: String,
}

/// Whom to write to about an order, and where it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The name on the label and in the greeting.
    pub name: String,
    /// Where mails go.
    pub email: EmailAddress,
    /// Where the order goes.
    pub address: Address,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case_without_blanks_around_it() {
        let address: EmailAddress = " Ada@Example.org ".parse().unwrap();

        assert_eq!(address.as_str(), "ada@example.org");
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        for text in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "ada@example",
            "ada@.org",
            "ada@example..org",
            "a da@example.org",
            "ada@exam ple.org",
            "ada@example.org\r\nBcc: eve@example.org",
            "<ada@example.org>",
            "a@b@example.org",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text:?} was taken");
        }
    }
}
