//! The token a service shows to its peers.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::peer::{Peer, PeerError};

/// A call that starts with a token should end before the token does.
const SPARE: Duration = Duration::from_secs(30);

/// Gets service tokens from identity, and keeps one until shortly before it ends.
pub struct ServiceTokens {
    service: &'static str,
    secret: SecretString,
    identity: Peer,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    token: String,
    until: Instant,
}

#[derive(Serialize)]
struct Ask<'a> {
    service: &'a str,
    secret: &'a str,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
}

impl fmt::Debug for ServiceTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceTokens").field("service", &self.service).finish_non_exhaustive()
    }
}

impl ServiceTokens {
    /// Tokens for `service`, which proves itself to identity with `secret`.
    #[must_use]
    pub fn new(service: &'static str, secret: SecretString, identity: Peer) -> Self {
        Self { service, secret, identity, kept: Mutex::new(None) }
    }

    /// A token that still lives for a while.
    ///
    /// # Errors
    /// When identity does not answer, or does not know the secret.
    pub async fn token(&self) -> Result<String, PeerError> {
        // Held while asking: callers that come meanwhile share the answer.
        let mut kept = self.kept.lock().await;
        if let Some(Kept { token, until }) = &*kept
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let ask = Ask { service: self.service, secret: self.secret.expose_secret() };
        let granted: Granted = self.identity.post_json("/tokens/service", &ask).await?;
        let lives = Duration::from_secs(granted.expires_in);
        let until = Instant::now() + lives.saturating_sub(SPARE.min(lives / 2));
        *kept = Some(Kept { token: granted.access_token.clone(), until });
        Ok(granted.access_token)
    }

    /// Drops the kept token, as after a peer has refused it.
    pub async fn forget(&self) {
        *self.kept.lock().await = None;
    }
}
