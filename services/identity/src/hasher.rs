//! Password hashes: argon2id off the event loop, a few at a time, one per attempt whoever it is.

mod argon2id;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::password::NewPassword;

/// Hashes passwords and compares them, at most so many at once.
#[derive(Debug)]
pub struct Hasher {
    turns: Arc<Semaphore>,
    patience: Duration,
    /// What an attempt on an unknown account is compared with, so that it costs the same.
    nobody: String,
    performed: AtomicU64,
}

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// As many as may are being made, and it did not become less in time.
    #[error("too many passwords are being checked")]
    Busy,
    /// The hash function refused, or its thread died.
    #[error("could not hash a password")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Hasher {
    /// Makes at most `concurrent` hashes at once; who waits longer than `patience` is sent away.
    ///
    /// Each takes 19 MiB and a core for its time, so `concurrent` bounds what a flood of sign-ins
    /// can take from everyone else.
    ///
    /// # Errors
    /// When the hash function does not work here at all.
    pub fn new(concurrent: usize, patience: Duration) -> Result<Self, HashError> {
        let nobody = hash(&SecretString::from(uuid::Uuid::new_v4().to_string()))?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(concurrent.max(1))),
            patience,
            nobody,
            performed: AtomicU64::new(0),
        })
    }

    /// The hash of a new password, salted, in PHC form.
    ///
    /// # Errors
    /// When it is not this one's turn in time, or the hash function fails.
    pub async fn hash(&self, password: NewPassword) -> Result<String, HashError> {
        self.in_turn(move || hash(&password.into_secret())).await
    }

    /// Whether `password` made the hash `stored`; never for an account that does not exist.
    ///
    /// One hash is made in either case: the time tells nothing.
    ///
    /// # Errors
    /// As for [`Hasher::hash`].
    pub async fn verify(
        &self,
        password: SecretString,
        stored: Option<String>,
    ) -> Result<bool, HashError> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let matches = self.in_turn(move || verify(&password, &stored)).await?;
        Ok(matches && is_known)
    }

    /// How many hashes were made since the start.
    pub fn performed(&self) -> u64 {
        self.performed.load(Ordering::Relaxed)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let turn = self.turn().await?;
        self.performed.fetch_add(1, Ordering::Relaxed);
        // The turn goes along: a caller that hangs up must not make room for another hash.
        let hashing = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        hashing.await.map_err(|error| HashError::Failed(Box::new(error)))?
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, HashError> {
        let turn = Arc::clone(&self.turns).acquire_owned();
        match tokio::time::timeout(self.patience, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(HashError::Busy),
        }
    }
}

fn hash(password: &SecretString) -> Result<String, HashError> {
    argon2id::hash(password.expose_secret().as_bytes()).map_err(HashError::Failed)
}

fn verify(password: &SecretString, stored: &str) -> Result<bool, HashError> {
    argon2id::verify(password.expose_secret().as_bytes(), stored).map_err(HashError::Failed)
}

#[cfg(test)]
mod tests;
