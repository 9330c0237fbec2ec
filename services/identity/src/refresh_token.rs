//! Refresh tokens: each is used once and names its one successor; what an old one means.

use std::str::FromStr;

use aws_lc_rs::{digest, hmac, rand};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};

/// Two tabs that wake up together refresh with one token; this is how far apart they may be.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A secret its holder trades for an access token and the next refresh token.
///
/// The shop keeps its hash alone. A successor is derived from the token itself and a salt drawn
/// when it is used: whoever reads the store can make neither, and whoever holds the token gets
/// the same successor twice.
#[derive(Debug, Clone)]
pub struct RefreshToken(SecretString);

/// A text that cannot be a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a refresh token")]
pub struct InvalidRefreshToken;

/// The system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gave no random bytes")]
pub struct NoRandomness;

/// What turns a token into its successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salt(pub String);

impl RefreshToken {
    const PREFIX: &str = "rft_";
    const DIGITS: usize = 64;

    /// The first token of a session.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_hex().map(|digits| Self::from_digits(&digits))
    }

    /// The text its holder gets.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// What the shop keeps of it. Plain SHA-256: 256 random bits cannot be guessed, so nothing slow
    /// is needed.
    #[must_use]
    pub fn hash(&self) -> String {
        hex(digest::digest(&digest::SHA256, self.expose().as_bytes()).as_ref())
    }

    /// The token that follows this one.
    #[must_use]
    pub fn successor(&self, salt: &Salt) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.expose().as_bytes());
        Self::from_digits(&hex(hmac::sign(&key, salt.0.as_bytes()).as_ref()))
    }

    fn from_digits(digits: &str) -> Self {
        Self(format!("{}{digits}", Self::PREFIX).into())
    }
}

impl FromStr for RefreshToken {
    type Err = InvalidRefreshToken;

    fn from_str(text: &str) -> Result<Self, InvalidRefreshToken> {
        let digits = text.strip_prefix(Self::PREFIX).ok_or(InvalidRefreshToken)?;
        let is_hex = digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if digits.len() != Self::DIGITS || !is_hex {
            return Err(InvalidRefreshToken);
        }
        Ok(Self::from_digits(digits))
    }
}

impl Salt {
    /// A new salt.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        random_hex().map(Self)
    }
}

/// A session as its refresh tokens see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The place of the newest token, from 1.
    pub newest: i32,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Whether it was ended before.
    pub is_revoked: bool,
}

/// A token of a family, as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the family.
    pub place: i32,
    /// When it was traded in, and what for.
    pub used: Option<(DateTime<Utc>, Salt)>,
}

/// What to do with a token that was presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The session is over.
    Ended,
    /// Hand out a successor.
    Rotate,
    /// Hand out the successor again that was made with this salt.
    Repeat(Salt),
    /// Two hold this family: end the session, for one of them stole it.
    Reused,
}

impl Family {
    /// Judges a token of this family.
    #[must_use]
    pub fn judge(&self, token: &Stored, now: DateTime<Utc>) -> Verdict {
        if self.is_revoked || self.expires_at <= now {
            return Verdict::Ended;
        }
        match &token.used {
            None => Verdict::Rotate,
            Some((used_at, salt)) if token.place + 1 == self.newest && now - *used_at <= GRACE => {
                Verdict::Repeat(salt.clone())
            }
            Some(_) => Verdict::Reused,
        }
    }
}

fn random_hex() -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; RefreshToken::DIGITS / 2];
    rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
