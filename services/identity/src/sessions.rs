//! Signing in, staying signed in, and signing out.

mod rows;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseConnection, DatabaseTransaction, DbErr,
    EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, Set,
};
use secrecy::SecretString;
use shop_kernel::{Clock, CustomerId, EmailAddress};
use uuid::Uuid;

use crate::accounts::{Account, Accounts};
use crate::figures;
use crate::hasher::{HashError, Hasher};
use crate::limiter::{Key, Limit, Limiter, Turn};
use crate::refresh_token::{NoRandomness, RefreshToken, Salt, Stored, Verdict};
use crate::store::session::Ending;
use crate::store::{customer, refresh_token, session};
use rows::{end, hand_out, locked};

/// How long a session lasts, however often it is refreshed.
const LIFETIME: TimeDelta = TimeDelta::days(30);
/// Ten wrong passwords in a quarter of an hour: generous to the forgetful, useless to a guesser.
const FAILED_SIGN_INS: Limit = Limit { max: 10, window: TimeDelta::minutes(15) };

/// A session and what its holder gets.
#[derive(Debug)]
pub struct Open {
    /// Names the session; access tokens carry it.
    pub session: Uuid,
    /// Whose it is.
    pub account: Account,
    /// What the next access token is traded for.
    pub refresh_token: RefreshToken,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such account, or not its password: never said which.
    #[error("the email address or the password is wrong")]
    Wrong,
    /// Too many attempts on this account from there.
    #[error("too many failed attempts")]
    TooMany {
        /// When to try again.
        retry_after: TimeDelta,
    },
    /// No password could be checked.
    #[error("the password could not be checked")]
    Hash(#[source] HashError),
    /// The store does not answer.
    #[error("the session could not be saved")]
    Store(#[from] DbErr),
    /// The system gave no random bytes.
    #[error("no refresh token could be made")]
    Random(#[from] NoRandomness),
}

/// Why a session was not refreshed.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The token is unknown, used up, or its session is over: never said which.
    #[error("the refresh token is not valid")]
    Invalid,
    /// The store does not answer.
    #[error("the session could not be refreshed")]
    Store(#[from] DbErr),
    /// The system gave no random bytes.
    #[error("no refresh token could be made")]
    Random(#[from] NoRandomness),
}

/// Opens, keeps and ends sessions.
#[derive(Debug, Clone)]
pub struct Sessions {
    db: DatabaseConnection,
    accounts: Accounts,
    hasher: Arc<Hasher>,
    limiter: Limiter,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    pub(crate) fn new(
        db: DatabaseConnection,
        accounts: Accounts,
        hasher: Arc<Hasher>,
        limiter: Limiter,
        clock: Arc<dyn Clock>,
    ) -> Self {
        figures::begin();
        Self { db, accounts, hasher, limiter, clock }
    }

    /// Signs in who knows the password. `from` is the address the attempt comes from.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        email: &EmailAddress,
        password: SecretString,
        from: &str,
    ) -> Result<Open, SignInError> {
        let outcome = self.try_sign_in(email, password, from).await;
        figures::sign_in(match &outcome {
            Ok(_) => "done",
            Err(SignInError::Wrong) => "wrong",
            Err(SignInError::TooMany { .. }) => "too-many",
            Err(_) => "failed",
        });
        outcome
    }

    async fn try_sign_in(
        &self,
        email: &EmailAddress,
        password: SecretString,
        from: &str,
    ) -> Result<Open, SignInError> {
        let attempts = Key::of("sign-in", &[email.as_str(), from]);
        if let Turn::Refused { retry_after } = self.limiter.take(&attempts, FAILED_SIGN_INS).await?
        {
            return Err(SignInError::TooMany { retry_after });
        }
        let account = self.accounts.find_row(email).await?;
        let stored = account.as_ref().map(|account| account.password_hash.clone());
        match (self.hasher.verify(password, stored).await, account) {
            (Ok(true), Some(account)) => {
                self.limiter.forget(&attempts).await?;
                self.open(account).await
            }
            (Ok(_), _) => Err(SignInError::Wrong),
            (Err(error), _) => {
                // The password was not looked at, so it was no failed attempt.
                self.limiter.give_back(&attempts).await?;
                Err(SignInError::Hash(error))
            }
        }
    }

    async fn open(&self, account: customer::Model) -> Result<Open, SignInError> {
        let now = self.clock.now();
        let (id, expires_at) = (Uuid::now_v7(), now + LIFETIME);
        let token = RefreshToken::generate()?;
        let session = session::ActiveModel {
            id: Set(id),
            customer_id: Set(account.id),
            newest: Set(1),
            created_at: Set(now),
            expires_at: Set(expires_at.timestamp_micros()),
            ended_at: Set(None),
            ended_because: Set(None),
        };

        let tx = chassis_db::begin(&self.db).await?;
        session.insert(&tx).await?;
        hand_out(&tx, id, 1, &token).await?;
        tx.commit().await?;
        Ok(Open { session: id, account: account.into(), refresh_token: token, expires_at })
    }

    /// Trades a refresh token for its successor; an old one ends its session.
    ///
    /// # Errors
    /// See [`RefreshError`].
    pub async fn refresh(&self, token: &RefreshToken) -> Result<Open, RefreshError> {
        let tx = chassis_db::begin(&self.db).await?;
        let Some((session, stored)) = locked(&tx, token).await? else {
            return Err(RefreshError::Invalid);
        };
        let successor = match session.family().judge(&stored, self.clock.now()) {
            Verdict::Rotate => self.rotate(&tx, &session, token, &stored).await?,
            Verdict::Repeat(salt) => token.successor(&salt),
            Verdict::Ended => return Err(RefreshError::Invalid),
            Verdict::Reused => {
                tracing::warn!(session.id = %session.id, "an old refresh token came back");
                figures::refresh_token_reused();
                end(&tx, session.id, Ending::TokenReused, self.clock.now()).await?;
                tx.commit().await?;
                return Err(RefreshError::Invalid);
            }
        };
        let account = customer::Entity::find_by_id(session.customer_id).one(&tx).await?;
        tx.commit().await?;

        Ok(Open {
            session: session.id,
            account: account.ok_or(RefreshError::Invalid)?.into(),
            refresh_token: successor,
            expires_at: session.family().expires_at,
        })
    }

    async fn rotate(
        &self,
        tx: &DatabaseTransaction,
        session: &session::Model,
        token: &RefreshToken,
        stored: &Stored,
    ) -> Result<RefreshToken, RefreshError> {
        let salt = Salt::generate()?;
        let successor = token.successor(&salt);
        let place = stored.place + 1;
        let used = refresh_token::ActiveModel {
            hash: Set(token.hash()),
            used_at: Set(Some(self.clock.now())),
            salt: Set(Some(salt.0)),
            ..Default::default()
        };
        used.update(tx).await?;
        hand_out(tx, session.id, place, &successor).await?;
        let mut session = session.clone().into_active_model();
        session.newest = Set(place);
        session.update(tx).await?;
        Ok(successor)
    }

    /// Ends a session of a customer; ending it again changes nothing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sign_out(&self, customer: CustomerId, session: Uuid) -> Result<(), DbErr> {
        let tx = chassis_db::begin(&self.db).await?;
        let mine = session::Entity::find_by_id(session)
            .filter(session::Column::CustomerId.eq(customer.uuid()))
            .one(&tx)
            .await?;
        if mine.is_some() {
            end(&tx, session, Ending::SignedOut, self.clock.now()).await?;
        }
        tx.commit().await
    }

    /// How many sessions have neither ended nor expired.
    pub(crate) async fn count_open(&self) -> Result<u64, DbErr> {
        session::Entity::find()
            .filter(session::Column::EndedAt.is_null())
            .filter(session::Column::ExpiresAt.gt(self.clock.now().timestamp_micros()))
            .count(&self.db)
            .await
    }

    /// Drops sessions that have expired, with their tokens.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn sweep(&self) -> Result<(), DbErr> {
        let now = self.clock.now().timestamp_micros();
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now))
            .exec(&self.db)
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests;
