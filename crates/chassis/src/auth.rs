//! Who asks: access tokens signed by identity, verified by every service on its own.

mod claims;
mod extract;
mod key_ring;
mod key_store;
mod signer;
mod tokens;
mod verifier;

pub use claims::{AUDIENCE, Claims, ISSUER, Role, Subject};
pub use extract::{
    Guest, Operator, OptionalShopper, Reader, ServiceOrOperator, Shopper, SignedInCustomer,
};
pub use jsonwebtoken::jwk::{Jwk, JwkSet};
pub use key_store::{KeyStore, NoKeys, SqlKeys, migration};
pub use signer::{SigningError, TokenSigner};
pub use tokens::ServiceTokens;
pub use verifier::{Denied, KeySource, Verifier};
