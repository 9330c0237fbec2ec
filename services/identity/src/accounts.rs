//! Registering, and what an account says about its holder.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseConnection, DbErr, EntityTrait as _,
    IntoActiveModel as _, PaginatorTrait as _, QueryFilter as _, Set,
};
use secrecy::SecretString;
use shop_kernel::{Clock, CustomerId, EmailAddress, Locale};

use crate::hasher::{HashError, Hasher};
use crate::password::{NewPassword, WeakPassword};
pub use crate::store::customer::Role;
use crate::store::customer::{ActiveModel, Column, Entity, Model};

/// Who is registering.
#[derive(Debug)]
pub struct Registration {
    /// Where mail goes, and what signs in.
    pub email: EmailAddress,
    /// What to call them.
    pub name: String,
    /// The language to write in.
    pub locale: Locale,
    /// What they sign in with.
    pub password: SecretString,
}

/// Why an account was not made.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The password is easily guessed.
    #[error("the password is too weak")]
    Weak(#[source] WeakPassword),
    /// Somebody has an account with that address.
    #[error("there is an account with this email address already")]
    EmailTaken,
    /// No hash was made.
    #[error("the password could not be protected")]
    Hash(#[source] HashError),
    /// The store refused.
    #[error("the account could not be saved")]
    Store(#[source] DbErr),
}

/// An account, without what only this service may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Names it for ever.
    pub id: CustomerId,
    /// The address as stored.
    pub email: String,
    /// What to call its holder.
    pub name: String,
    /// The language to write in.
    pub locale: Locale,
    /// What it may do.
    pub role: Role,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

impl From<Model> for Account {
    fn from(row: Model) -> Self {
        Self {
            id: row.id(),
            email: row.email,
            name: row.name,
            locale: row.locale.into(),
            role: row.role,
            created_at: row.created_at,
        }
    }
}

/// Makes and keeps accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    db: DatabaseConnection,
    hasher: Arc<Hasher>,
    clock: Arc<dyn Clock>,
}

impl Accounts {
    pub(crate) fn new(db: DatabaseConnection, hasher: Arc<Hasher>, clock: Arc<dyn Clock>) -> Self {
        Self { db, hasher, clock }
    }

    /// Opens an account for a customer; nobody becomes an operator this way.
    ///
    /// # Errors
    /// See [`RegisterError`].
    pub async fn register(&self, who: Registration) -> Result<Account, RegisterError> {
        self.open(CustomerId::generate(), who, Role::Customer).await
    }

    pub(crate) async fn open(
        &self,
        id: CustomerId,
        who: Registration,
        role: Role,
    ) -> Result<Account, RegisterError> {
        let password = NewPassword::parse(who.password, &who.email).map_err(RegisterError::Weak)?;
        let password_hash = self.hasher.hash(password).await.map_err(RegisterError::Hash)?;
        let row = ActiveModel {
            id: Set(id.uuid()),
            email: Set(who.email.into()),
            name: Set(who.name),
            locale: Set(who.locale.into()),
            role: Set(role),
            password_hash: Set(password_hash),
            created_at: Set(self.clock.now()),
        };
        match row.insert(&self.db).await {
            Ok(row) => Ok(row.into()),
            Err(error) if chassis_db::is_unique_violation(&error) => Err(RegisterError::EmailTaken),
            Err(error) => Err(RegisterError::Store(error)),
        }
    }

    /// The account with that id, if there is one.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn find(&self, id: CustomerId) -> Result<Option<Account>, DbErr> {
        Ok(Entity::find_by_id(id.uuid()).one(&self.db).await?.map(Account::from))
    }

    /// How many accounts there are.
    pub(crate) async fn count(&self) -> Result<u64, DbErr> {
        Entity::find().count(&self.db).await
    }

    /// Whether somebody has that address.
    pub(crate) async fn has(&self, email: &EmailAddress) -> Result<bool, DbErr> {
        Ok(self.find_row(email).await?.is_some())
    }

    pub(crate) async fn find_row(&self, email: &EmailAddress) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::Email.eq(email.as_str())).one(&self.db).await
    }

    /// Changes what is given, and leaves the rest.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn change(
        &self,
        id: CustomerId,
        name: Option<String>,
        locale: Option<Locale>,
    ) -> Result<Option<Account>, DbErr> {
        let Some(row) = Entity::find_by_id(id.uuid()).one(&self.db).await? else {
            return Ok(None);
        };
        if name.is_none() && locale.is_none() {
            return Ok(Some(row.into()));
        }
        let mut row = row.into_active_model();
        if let Some(name) = name {
            row.name = Set(name);
        }
        if let Some(locale) = locale {
            row.locale = Set(locale.into());
        }
        Ok(Some(row.update(&self.db).await?.into()))
    }
}
