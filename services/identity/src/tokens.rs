//! What identity signs: tokens for customers, guests and services.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::{constant_time, digest};
use chassis::auth::{AUDIENCE, Claims, ISSUER, Role, Subject};
use chrono::TimeDelta;
use secrecy::{ExposeSecret as _, SecretString};
use shop_kernel::{Clock, GuestId};
use uuid::Uuid;

use crate::accounts::Account;
use crate::keys::Keys;

/// Short, for a token cannot be called back; long enough that refreshing is rare.
const ACCESS: TimeDelta = TimeDelta::minutes(10);
/// A guest's cart is found again for so long.
const GUEST: TimeDelta = TimeDelta::days(30);

/// A token and how long it lives.
#[derive(Debug)]
pub struct Issued {
    /// What to show as bearer.
    pub token: SecretString,
    /// From now on.
    pub lives: TimeDelta,
}

/// Signs tokens.
#[derive(Debug, Clone)]
pub struct Tokens {
    keys: Keys,
    clock: Arc<dyn Clock>,
    service_secrets: Arc<HashMap<String, SecretString>>,
}

impl Tokens {
    pub(crate) fn new(
        keys: Keys,
        clock: Arc<dyn Clock>,
        service_secrets: HashMap<String, SecretString>,
    ) -> Self {
        Self { keys, clock, service_secrets: Arc::new(service_secrets) }
    }

    /// A token for who has signed in; it names the session.
    ///
    /// # Errors
    /// When the signature fails.
    pub fn for_account(&self, account: &Account, session: Uuid) -> anyhow::Result<Issued> {
        // An operator can buy as well.
        let roles = match account.role {
            crate::accounts::Role::Customer => vec![Role::Customer],
            crate::accounts::Role::Operator => vec![Role::Customer, Role::Operator],
        };
        let claims = self.claims(Subject::Customer(account.id), roles, ACCESS);
        self.sign(
            &Claims { name: Some(account.name.clone()), sid: Some(session), ..claims },
            ACCESS,
        )
    }

    /// A token for a visitor nobody has seen before.
    ///
    /// # Errors
    /// When the signature fails.
    pub fn for_new_guest(&self) -> anyhow::Result<(GuestId, Issued)> {
        let guest = GuestId::generate();
        let claims = self.claims(Subject::Guest(guest), vec![Role::Guest], GUEST);
        Ok((guest, self.sign(&claims, GUEST)?))
    }

    /// A token for a service that knows its secret; none for any other.
    ///
    /// # Errors
    /// When the signature fails.
    pub fn for_service(
        &self,
        service: &str,
        secret: &SecretString,
    ) -> anyhow::Result<Option<Issued>> {
        let known = self.service_secrets.get(service);
        // Hashes have one length, so the comparison takes one time, also for an unknown name.
        let expected = known.map_or_else(|| hash(Uuid::new_v4().as_bytes()), hash_of);
        let given = hash_of(secret);
        let same = constant_time::verify_slices_are_equal(expected.as_ref(), given.as_ref());
        if same.is_err() || known.is_none() {
            return Ok(None);
        }
        let subject = Subject::Service(service.to_owned());
        self.sign(&self.claims(subject, vec![Role::Service], ACCESS), ACCESS).map(Some)
    }

    fn claims(&self, subject: Subject, roles: Vec<Role>, lives: TimeDelta) -> Claims {
        let now = self.clock.now();
        Claims {
            sub: subject,
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            exp: (now + lives).timestamp(),
            iat: now.timestamp(),
            nbf: None,
            jti: Uuid::now_v7().simple().to_string(),
            sid: None,
            roles,
            name: None,
        }
    }

    fn sign(&self, claims: &Claims, lives: TimeDelta) -> anyhow::Result<Issued> {
        Ok(Issued { token: self.keys.sign(claims)?.into(), lives })
    }
}

fn hash_of(secret: &SecretString) -> digest::Digest {
    hash(secret.expose_secret().as_bytes())
}

fn hash(bytes: &[u8]) -> digest::Digest {
    digest::digest(&digest::SHA256, bytes)
}
