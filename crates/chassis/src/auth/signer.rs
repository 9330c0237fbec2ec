//! Signing tokens: identity's part, and the tests'.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use uuid::Uuid;

use super::{AUDIENCE, Claims, ISSUER, Role, Subject};

/// Why a token could not be signed or a key not be used.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// It is no ES256 key in PKCS#8 form.
    #[error("not an ES256 private key in PKCS#8 form")]
    Key(#[source] jsonwebtoken::errors::Error),
    /// The random source gave no key.
    #[error("could not make a key")]
    Generate,
    /// The signature failed.
    #[error("could not sign a token")]
    Sign(#[source] jsonwebtoken::errors::Error),
}

/// An ES256 key that signs access tokens.
#[derive(Debug, Clone)]
pub struct TokenSigner {
    kid: String,
    key: EncodingKey,
    jwk: Jwk,
}

impl TokenSigner {
    /// Makes a new private key, as PKCS#8 DER. Keep it secret, and keep it.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn generate_pkcs8() -> Result<Vec<u8>, SigningError> {
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map(|document| document.as_ref().to_vec())
            .map_err(|_| SigningError::Generate)
    }

    /// A signer with a new key.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn generate() -> Result<Self, SigningError> {
        Self::from_pkcs8(&Self::generate_pkcs8()?)
    }

    /// Signs with a key in PKCS#8 DER.
    ///
    /// # Errors
    /// When it is another kind of key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, SigningError> {
        Self::from_key(EncodingKey::from_ec_der(der))
    }

    /// Signs with a key in PKCS#8 PEM.
    ///
    /// # Errors
    /// When it is another kind of key.
    pub fn from_pem(pem: &[u8]) -> Result<Self, SigningError> {
        Self::from_key(EncodingKey::from_ec_pem(pem).map_err(SigningError::Key)?)
    }

    fn from_key(key: EncodingKey) -> Result<Self, SigningError> {
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).map_err(SigningError::Key)?;
        // RFC 7638: the same key has the same id wherever it is loaded.
        let kid = jwk.thumbprint(ThumbprintHash::SHA256).map_err(SigningError::Key)?;
        jwk.common.key_id = Some(kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { kid, key, jwk })
    }

    /// The id tokens name this key by.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, as identity publishes it.
    #[must_use]
    pub fn jwk(&self) -> Jwk {
        self.jwk.clone()
    }

    /// A set of this one key.
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: vec![self.jwk()] }
    }

    /// Signs these claims.
    ///
    /// # Errors
    /// When the signature fails.
    pub fn sign(&self, claims: &Claims) -> Result<String, SigningError> {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.key).map_err(SigningError::Sign)
    }

    /// Signs a token for `subject` that counts from `now` and lives that long.
    ///
    /// # Errors
    /// When the signature fails.
    pub fn token(
        &self,
        subject: Subject,
        roles: &[Role],
        now: DateTime<Utc>,
        lives: TimeDelta,
    ) -> Result<String, SigningError> {
        self.sign(&Claims {
            sub: subject,
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: (now + lives).timestamp(),
            iat: now.timestamp(),
            nbf: None,
            jti: Uuid::now_v7().simple().to_string(),
            sid: None,
            roles: roles.to_vec(),
            name: None,
        })
    }
}
