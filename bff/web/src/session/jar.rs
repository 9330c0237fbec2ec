//! Seals what a cookie holds: AES-256-GCM under a key only the BFF knows.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Shorter secrets are words, and words can be guessed.
const SHORTEST: usize = 32;
/// Browsers drop longer cookies without a word.
const LONGEST: usize = 4000;

/// The keys: the first seals, each opens.
pub(crate) struct Jar {
    keys: Vec<RandomizedNonceKey>,
}

/// The secret in the settings is of no use.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnusableSecret {
    /// It could be guessed.
    #[error("session.secret needs {SHORTEST} characters or more")]
    TooShort,
    /// The machine gives no random bytes.
    #[error("no key could be made")]
    NoKey,
}

impl Jar {
    /// The keys named in the settings; one made up where there are none.
    pub(crate) fn new(secrets: &SecretString) -> Result<Self, UnusableSecret> {
        let secrets = secrets.expose_secret();
        let secrets = secrets.split(',').map(str::trim).filter(|secret| !secret.is_empty());
        let mut keys = secrets.map(key_of).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            tracing::warn!("session.secret is not set: sessions end with this process");
            let mut bytes = [0; 32];
            rand::fill(&mut bytes).map_err(|_| UnusableSecret::NoKey)?;
            keys.push(key(&bytes)?);
        }
        Ok(Self { keys })
    }

    /// The tokens as only this jar reads them; none where they would not fit into a cookie.
    pub(crate) fn seal(&self, name: &str, tokens: &impl Serialize) -> Option<String> {
        let mut text = serde_json::to_vec(tokens).ok()?;
        // The cookie's name is part of what is sealed: one kind never passes for another.
        let nonce = self.keys.first()?.seal_in_place_append_tag(Aad::from(name), &mut text).ok()?;
        let sealed = [nonce.as_ref().as_slice(), &text].concat();
        let sealed = URL_SAFE_NO_PAD.encode(sealed);
        if sealed.len() > LONGEST {
            tracing::error!(bytes = sealed.len(), "a session does not fit into its cookie");
            return None;
        }
        Some(sealed)
    }

    /// What this jar sealed; none for anything else.
    pub(crate) fn open<T: DeserializeOwned>(&self, name: &str, sealed: &str) -> Option<T> {
        if sealed.len() > LONGEST {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        self.keys.iter().find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut text = text.to_vec();
            let text = key.open_in_place(nonce, Aad::from(name), &mut text).ok()?;
            serde_json::from_slice(text).ok()
        })
    }
}

fn key_of(secret: &str) -> Result<RandomizedNonceKey, UnusableSecret> {
    if secret.len() < SHORTEST {
        return Err(UnusableSecret::TooShort);
    }
    key(digest(&SHA256, secret.as_bytes()).as_ref())
}

fn key(bytes: &[u8]) -> Result<RandomizedNonceKey, UnusableSecret> {
    RandomizedNonceKey::new(&AES_256_GCM, bytes).map_err(|_| UnusableSecret::NoKey)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::session::GuestToken;

    const OLD: &str = "an old secret of more than thirty-two characters";
    const NEW: &str = "a new secret of more than thirty-two characters!";

    fn jar(secrets: &str) -> Jar {
        Jar::new(&secrets.to_owned().into()).unwrap()
    }

    fn tokens() -> GuestToken {
        GuestToken { access: "gst-token".to_owned(), until: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn what_was_sealed_opens_and_cannot_be_read() {
        let sealed = jar(NEW).seal("s", &tokens()).unwrap();

        assert_eq!(jar(NEW).open("s", &sealed), Some(tokens()));
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("gst-token"));
        assert_ne!(jar(NEW).seal("s", &tokens()).unwrap(), sealed);
    }

    #[test]
    fn a_changed_cookie_is_no_cookie() {
        let sealed = jar(NEW).seal("s", &tokens()).unwrap();
        for place in 0..sealed.len() {
            let mut forged = sealed.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();

            assert_eq!(
                jar(NEW).open::<GuestToken>("s", &forged),
                None,
                "byte {place} may be changed"
            );
        }
        for text in ["", "A", "!", "AAAAAAAAAAAAAAAA", &sealed[1..]] {
            assert_eq!(jar(NEW).open::<GuestToken>("s", text), None);
        }
        assert_eq!(jar(NEW).open::<GuestToken>("another", &sealed), None);
    }

    #[test]
    fn an_old_secret_opens_while_it_is_listed() {
        let sealed = jar(OLD).seal("s", &tokens()).unwrap();

        assert_eq!(jar(&format!("{NEW}, {OLD}")).open("s", &sealed), Some(tokens()));
        assert_eq!(jar(NEW).open::<GuestToken>("s", &sealed), None);
        let sealed = jar(&format!("{NEW},{OLD}")).seal("s", &tokens()).unwrap();
        assert_eq!(jar(NEW).open("s", &sealed), Some(tokens()));
    }

    #[test]
    fn a_short_secret_is_refused() {
        let refused = Jar::new(&"hunter2".to_owned().into()).err();

        assert_eq!(refused, Some(UnusableSecret::TooShort));
    }
}
