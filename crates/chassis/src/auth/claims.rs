//! What a token says about its bearer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use shop_kernel::{CustomerId, GuestId};
use uuid::Uuid;

/// Who signs tokens.
pub const ISSUER: &str = "identity";
/// Whom tokens are for.
pub const AUDIENCE: &str = "shop";

/// What a token says about its bearer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who it is.
    pub sub: Subject,
    /// Who says so: [`ISSUER`].
    pub iss: String,
    /// To whom: [`AUDIENCE`].
    pub aud: String,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// When it was signed.
    pub iat: i64,
    /// Before when it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// Names this token.
    pub jti: String,
    /// The session it was signed for; what signing out ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    /// What the bearer may do.
    pub roles: Vec<Role>,
    /// What to call the bearer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Claims {
    /// Tells whether the bearer has that role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// What a bearer may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Orders and pays.
    Customer,
    /// Runs the shop.
    Operator,
    /// Is one of our services.
    Service,
    /// Fills a cart.
    Guest,
}

/// Who bears a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// `cus_…`: a customer or an operator.
    Customer(CustomerId),
    /// `gst_…`: a visitor.
    Guest(GuestId),
    /// `svc_<name>`: one of our services.
    Service(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(id) => id.fmt(f),
            Self::Guest(id) => id.fmt(f),
            Self::Service(name) => write!(f, "svc_{name}"),
        }
    }
}

/// A text that names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a subject: expected cus_…, gst_… or svc_…")]
pub struct InvalidSubject;

impl FromStr for Subject {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        if let Some(name) = text.strip_prefix("svc_") {
            let sane = !name.is_empty()
                && name.len() <= 40
                && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            return sane.then(|| Self::Service(name.to_owned())).ok_or(InvalidSubject);
        }
        let customer = text.parse().map(Self::Customer);
        customer.or_else(|_| text.parse().map(Self::Guest)).map_err(|_| InvalidSubject)
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
