//! The public keys in use, by id.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet, KeyAlgorithm};

#[derive(Default)]
pub(super) struct KeyRing(RwLock<HashMap<String, DecodingKey>>);

impl KeyRing {
    /// Takes these keys instead of what it had; a key that was withdrawn verifies nothing more.
    pub(super) fn replace(&self, keys: &JwkSet) {
        let keys = keys.keys.iter().filter_map(|jwk| {
            let kid = jwk.common.key_id.clone()?;
            // Keys for anything but ES256 are not for us; taking them would open an algorithm.
            let AlgorithmParameters::EllipticCurve(point) = &jwk.algorithm else {
                return None;
            };
            let fits = point.curve == EllipticCurve::P256
                && jwk.common.key_algorithm.is_none_or(|alg| alg == KeyAlgorithm::ES256);
            let key = DecodingKey::from_jwk(jwk).ok().filter(|_| fits)?;
            Some((kid, key))
        });
        let keys = keys.collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = keys;
    }

    pub(super) fn get(&self, kid: &str) -> Option<DecodingKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(kid).cloned()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }
}
